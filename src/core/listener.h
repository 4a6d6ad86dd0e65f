/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A listener as the hub and the commands know it: a number, a name, an endpoint and the profile
 * its peers follow. Counted: the hub holds one while it listens, each peer holds one, so that
 * the peers of a closed listener keep their profile. An outgoing call has one of its own, with
 * number 0.
 */
#ifndef TELEX_CORE_LISTENER_H
#define TELEX_CORE_LISTENER_H

#include <stdbool.h>

#include "base/endpoint.h"
#include "core/profile.h"

/* What a transport puts behind a listener: its sockets. Owned by the listener. */
struct binding;
struct binding_ops {
    void (*destroy)(struct binding *binding); /* stops accepting and closes the sockets */
};
struct binding {
    const struct binding_ops *ops;
};

struct listener {
    unsigned number; /* from 1, never used again; 0 for an outgoing call */
    unsigned references;
    bool open;                /* still listening */
    struct endpoint endpoint; /* the port is the real one once bound */
    char *text;               /* endpoint_print of it */
    struct profile profile;
    struct binding *binding;      /* NULL for a call, and after listener_close */
    struct listener *prev, *next; /* the hub's list */
};

/* Takes over what endpoint and profile hold, and zeroes them. One reference, for the caller. */
struct listener *listener_create(struct endpoint *endpoint, struct profile *profile);
struct listener *listener_reference(struct listener *listener);
void listener_release(struct listener *listener); /* NULL is fine */
/* After binding: the port the system gave. Renews the text. */
void listener_set_port(struct listener *listener, in_port_t port);
/* Destroys the binding. */
void listener_close(struct listener *listener);

#endif
