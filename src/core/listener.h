/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A listener as the hub and the commands know it: an origin with a number and the sockets
 * behind it. The hub owns it while it listens; its peers may keep its origin for longer.
 */
#ifndef TELEX_CORE_LISTENER_H
#define TELEX_CORE_LISTENER_H

#include <stdbool.h>

#include "core/origin.h"
#include "core/who.h"

/* What a transport puts behind a listener: its sockets. Owned by the listener. */
struct binding;
struct binding_ops {
    void (*destroy)(struct binding *binding); /* stops accepting and closes the sockets */
};
struct binding {
    const struct binding_ops *ops;
};

/* "sha256:" and 64 hex digits. */
enum { LISTENER_FINGERPRINT = 72 };

struct listener {
    struct origin origin;    /* first: freed as that, with the last reference */
    unsigned number;         /* from 1, never used again */
    bool open;               /* still listening */
    struct binding *binding; /* NULL before it is bound, and after listener_close */
    char fingerprint[LISTENER_FINGERPRINT]; /* of its certificate; "": it has none */
    struct listener *prev, *next;           /* the hub's list */
};

/* Its origin as by origin_create, with one reference for its owner. */
struct listener *listener_create(struct endpoint *endpoint, const struct key_set *own,
                                 char **error);
/* Nobody for NULL. */
static inline struct who listener_who(const struct listener *listener)
{
    if (!listener)
        return (struct who){0};
    return (struct who){.number = listener->number, .name = listener->origin.profile.name};
}
/* NULL: it has none. */
const char *listener_fingerprint(const struct listener *listener);
/* Destroys the binding. */
void listener_close(struct listener *listener);
/* Closes it, and drops its owner's reference. NULL is fine. */
void listener_release(struct listener *listener);

#endif
