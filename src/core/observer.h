/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whoever is told what happens on the lines. Embed it, fill in notice and wants, hand it to
 * audience_join; after a change of wants call audience_wants_changed.
 */
#ifndef TELEX_CORE_OBSERVER_H
#define TELEX_CORE_OBSERVER_H

#include <stdint.h>

struct hub_event;
struct observer;

/* The bit of an event type in wants. */
#define OBSERVER_WANTS(type) (1u << (type))
enum { OBSERVER_ALL = 0xffff };
/* Those of what is said; see told_is_message. */
#define OBSERVER_MESSAGES (OBSERVER_WANTS(HUB_MESSAGE) | OBSERVER_WANTS(HUB_SENT))

struct observer {
    /*
     * Sees the event during the call and copies what it keeps. It may send, close, call out,
     * join others and make anybody leave: what comes of that is told after this event.
     */
    void (*notice)(struct observer *observer, const struct hub_event *event);
    unsigned wants;  /* set of OBSERVER_WANTS(HUB_...) */
    uint64_t joined; /* what had happened by then: audience_join */
    struct observer *prev, *next;
};

#endif
