/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Those who are told what happens on the lines, one event after the other: what happens while
 * one is being told is kept, and told when everybody has had that one. So all see events in the
 * order in which they happened, and nobody is told from within a notice of its own.
 */
#ifndef TELEX_CORE_AUDIENCE_H
#define TELEX_CORE_AUDIENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/observer.h"

struct hub_event;
struct kept_event;

/*
 * Bytes of events that may come of one, itself told from outside of any notice. Beyond them the
 * hub refuses sends until it is over, so that observers that answer each other end.
 */
enum { AUDIENCE_KEPT_MAX = 1 << 20 };

struct audience {
    struct observer *observers; /* utlist */
    struct observer *next;      /* who is told next, while an event is being told */
    unsigned wanted;            /* the union of what observers want: else nothing is told */
    bool telling;
    uint64_t happened;       /* events that somebody wanted, so far */
    struct kept_event *kept; /* utlist: what has happened meanwhile */
    size_t kept_bytes;       /* of all that were kept since telling began */
};

/* It is told what happens from now on, and nothing that happened before. */
void audience_join(struct audience *audience, struct observer *observer);
/* Told nothing any more, not even what has happened already: it may be freed. */
void audience_leave(struct audience *audience, struct observer *observer);
/* Some observer's wants have changed. */
void audience_wants_changed(struct audience *audience);
/* Whether anybody wants events of that type. */
static inline bool audience_wants(const struct audience *audience, unsigned type)
{
    return audience->wanted & OBSERVER_WANTS(type);
}

/* Tells those that want it, at least one; from within a notice: later, before the outermost
 * call returns. */
void audience_tell(struct audience *audience, const struct hub_event *event);
/* Whether so much has come of one event that nobody may make another happen by a send. */
bool audience_is_full(const struct audience *audience);

#endif
