/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The stream that keeps a node's events: made where it is not there, and asked which of them it
 * has. All that by requests, which are said again until they are answered.
 */
#ifndef TELEX_FLEET_JETSTREAM_H
#define TELEX_FLEET_JETSTREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "fleet/batch.h"

struct bus;
struct jetstream;
struct loop;

/* Borrowed for good. */
struct jetstream_settings {
    const char *node;
    int64_t max_age;    /* microseconds; 0: for good */
    uint64_t max_bytes; /* 0: without bound */
    bool leaf;          /* the stream is this node's alone */
};

/* The batch of the node's that was stored last. */
struct jetstream_last {
    char run[EVENT_RUN_ROOM]; /* "": none */
    uint64_t first, last;     /* seq */
};

/* The stream is there. */
typedef void jetstream_ready(void *context, const struct jetstream_last *last);

struct jetstream *jetstream_create(struct loop *loop, struct bus *bus,
                                   const struct jetstream_settings *settings,
                                   jetstream_ready *ready, void *context);
void jetstream_destroy(struct jetstream *jetstream); /* NULL is fine */
/* Looks for the stream, after so many microseconds, whatever was under way. */
void jetstream_look(struct jetstream *jetstream, int64_t pause);
/* There is no connection, until jetstream_look. */
void jetstream_stop(struct jetstream *jetstream);

#endif
