/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A link without a socket: it records what the hub asks of it and does as it is told. It stays
 * readable after the hub has destroyed it; every use after that is a failed assertion.
 */
#ifndef TELEX_TESTS_FAKE_LINK_H
#define TELEX_TESTS_FAKE_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/endpoint.h"
#include "base/ut.h"
#include "core/link.h"

struct hub;

struct fake_link {
    struct link link; /* first */
    struct hub *hub;

    /* What the test may set at any time. */
    int fail;          /* errno of every send; 0: it is taken */
    size_t queue_max;  /* ENOBUFS past it; SIZE_MAX at first */
    bool keep;         /* what is sent stays queued, until fake_link_drain */
    bool mute;         /* may_reply says no */
    bool finish_later; /* finish does not detach: fake_link_finish does */
    bool no_lines;     /* it is a pty, and has none of core/modem.h */
    unsigned lines;    /* of those, the ones that are on */

    /* What the test may look at. */
    const struct framing *framing; /* given to frame */
    UT_string sent;   /* all that was taken, end to end, since the last fake_link_take */
    unsigned sends;   /* how many sends were taken */
    size_t last;      /* bytes of the last send that was taken */
    const void *from; /* where they stood: to compare, not to read */
    unsigned tries;   /* sends, refused ones included */
    size_t queued;    /* may be set too */
    unsigned pauses;  /* the last reasons given to pause */
    unsigned pause_calls;
    bool finishing;
    int64_t deadline;   /* given to finish */
    bool ended;         /* our sending side is */
    bool reset;         /* it is to finish by a reset */
    int64_t pause;      /* of a break, microseconds */
    bool aborted;       /* the far end is to see a reset at once */
    int64_t half_close; /* of an end that had to wait */
    bool destroyed;
    struct link_description description; /* may be set too */
    union address remote;                /* likewise; of no family at first */

    UT_string taken;
    struct fake_link *next;
};

/* scheme decides what transport it says it is, and whether it is a datagram one. */
struct fake_link *fake_link_create(struct hub *hub, enum scheme scheme);
/* Frees the record. The hub must have destroyed the link. */
void fake_link_free(struct fake_link *fake);

/* The kernel has taken all that was queued: tells the hub. */
void fake_link_drain(struct fake_link *fake);
/* Ends a finish that was put off. */
void fake_link_finish(struct fake_link *fake);
/* What was sent since the last call, as a string with the unprintable escaped; borrowed until
 * then. */
const char *fake_link_take(struct fake_link *fake);

#endif
