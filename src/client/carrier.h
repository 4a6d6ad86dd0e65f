/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What carries the lines of a daemon's console: its control socket (client/uplink), or anything
 * else that brings what telex-json(7) describes, and takes lines. Whoever has one knows only
 * this of it.
 */
#ifndef TELEX_CLIENT_CARRIER_H
#define TELEX_CLIENT_CARRIER_H

#include <stdbool.h>
#include <stddef.h>

struct carrier;

struct carrier_ops {
    void (*send)(struct carrier *carrier, const char *line, size_t size);
    void (*hold)(struct carrier *carrier, bool on);
    size_t (*backlog)(const struct carrier *carrier);
    void (*destroy)(struct carrier *carrier);
};

/* First in the struct of whatever it is. */
struct carrier {
    const struct carrier_ops *ops;
};

struct carrier_hooks {
    void *context;
    /* A line, without its newline; false: no more of them. Must not destroy the carrier. */
    bool (*line)(void *context, const char *line, size_t size);
    /* The far end is gone, or sent what is no line. May destroy the carrier. */
    void (*lost)(void *context);
    /* Most of what was sent is on its way. */
    void (*drained)(void *context);
};

/* A line without its newline. */
static inline void carrier_send(struct carrier *carrier, const char *line, size_t size)
{
    carrier->ops->send(carrier, line, size);
}

/* Reads no more while on; what was read already still comes. */
static inline void carrier_hold(struct carrier *carrier, bool on)
{
    carrier->ops->hold(carrier, on);
}

/* Bytes that were sent and that the daemon has not read. */
static inline size_t carrier_backlog(const struct carrier *carrier)
{
    return carrier->ops->backlog(carrier);
}

static inline void carrier_destroy(struct carrier *carrier) /* NULL is fine */
{
    if (carrier)
        carrier->ops->destroy(carrier);
}

#endif
