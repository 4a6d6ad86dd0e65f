/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Gets a descriptor to talk on. Calls a host over TCP without blocking: all addresses of the
 * name, IPv6 and IPv4 in turn, the next one after 250 ms or at the failure of the one before
 * (RFC 8305, "happy eyeballs").
 */
#ifndef TELEX_LOOP_DIAL_H
#define TELEX_LOOP_DIAL_H

#include <netinet/in.h>
#include <stdint.h>

struct dial;
struct loop;
union address;

struct dial_settings {
    int64_t timeout;          /* microseconds for all of it; 0: no limit */
    const char *bind_address; /* of our end, in digits, for as long as the dial; or NULL */
};

/* Exactly one of these is called, once, never from within dial_create. */
struct dial_callbacks {
    /* The socket is the callee's. The dial frees itself after it. */
    void (*connected)(void *context, int fd, const union address *remote);
    /*
     * cause: the errno of the last attempt, ETIMEDOUT for the time limit, or 0. The owner frees
     * the dial, not from within this call.
     */
    void (*failed)(void *context, int cause, const char *text);
};

/* host, port and settings are copied. */
struct dial *dial_create(struct loop *loop, const char *host, in_port_t port,
                         const struct dial_settings *settings,
                         const struct dial_callbacks *callbacks, void *context);
/* The same for a Unix socket; remote is NULL then. */
struct dial *dial_create_unix(struct loop *loop, const char *path,
                              const struct dial_settings *settings,
                              const struct dial_callbacks *callbacks, void *context);
/*
 * The same of what is had at once: open, called in a turn that has time for it, returns a
 * descriptor, or -1 with *error (malloc'ed); without one it is called again in a later turn.
 */
struct dial *dial_create_open(struct loop *loop, int (*open)(void *context, char **error),
                              const struct dial_callbacks *callbacks, void *context);
/* Gives up; no callback comes. NULL is fine. */
void dial_destroy(struct dial *dial);

#endif
