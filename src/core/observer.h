/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whoever is told what happens on the lines. Embed it, fill in notice and wants, hand it to
 * hub_observe; after a change of wants call hub_wants_changed.
 */
#ifndef TELEX_CORE_OBSERVER_H
#define TELEX_CORE_OBSERVER_H

struct hub_event;
struct observer;

/* The bit of an event type in wants. */
#define OBSERVER_WANTS(type) (1u << (type))
enum { OBSERVER_ALL = 0xffff };

struct observer {
    /* Sees the event during the call and copies what it keeps. May not attach or observe. */
    void (*notice)(struct observer *observer, const struct hub_event *event);
    unsigned wants; /* set of OBSERVER_WANTS(HUB_...) */
    struct observer *prev, *next;
};

#endif
