/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a peer comes from: the listener that it called, or the call that reached it. It is what
 * both have in common: an endpoint, and the profile that its peers follow. Counted: each peer
 * holds one, so that the peers of a closed listener keep their profile.
 */
#ifndef TELEX_CORE_ORIGIN_H
#define TELEX_CORE_ORIGIN_H

#include "base/endpoint.h"
#include "core/profile.h"
#include "core/recall.h"

struct listener;

struct origin {
    unsigned references;
    struct listener *listener; /* that begins with this one; NULL: it is a call's */
    struct origin *far;        /* of a listener: what is called for each of its peers; owned */
    int64_t loops;         /* of such a one, hub clock: until then it is known to be our own */
    struct listener *near; /* of such a one: that listener, while it is there */
    struct endpoint endpoint; /* a listener's port is the real one once bound */
    bool port_chosen;         /* by the system, once bound */
    char *place;              /* "tcp://localhost:9999" */
    char *text; /* as people see it, and can type it back: with keys that are part of it */
    struct profile profile;
    const struct key_set *own; /* the keys of its transport alone; NULL: it has none */
    void *options;             /* what those say, own->create's */
    bool loaded;               /* the files that those name are read */
    struct recall recall;      /* of a call */
};

/*
 * Of a call, with one reference. Takes over what endpoint holds and reads its keys: those of
 * all, and its transport's own (NULL: none). NULL with *error (malloc'ed) where one is wrong;
 * endpoint is empty then too.
 */
struct origin *origin_create(struct endpoint *endpoint, const struct key_set *own,
                             char **error);
/* The same for who embeds one, as the first member of what malloc(3) gave. */
bool origin_init(struct origin *origin, struct endpoint *endpoint, enum key_use use,
                 const struct key_set *own, char **error);
struct origin *origin_reference(struct origin *origin);
void origin_release(struct origin *origin); /* NULL is fine */
/* What is called for each of its peers from here on (takes the caller's reference), or NULL. */
void origin_set_far(struct origin *origin, struct origin *far);
/* Whose listener its peers are told to have: its own, or that of those it is called for. */
static inline const struct listener *origin_listener(const struct origin *origin)
{
    return origin->listener ? origin->listener : origin->near;
}
/* Its place without the scheme: "localhost:9999". */
const char *origin_place(const struct origin *origin);
/* After binding: the port the system gave. Renews the text. */
void origin_set_port(struct origin *origin, in_port_t port);

#endif
