/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is in the stream of a fleet's events, one batch after another: the last ones that are
 * kept, and then those that come. It asks for a few at a time, by a consumer of its own that is
 * forgotten when nobody asks for 30 s; so who does not read costs the broker nothing. Where a
 * batch is missing, or the broker was away, it makes another consumer behind the last batch.
 */
#ifndef TELEX_FLEET_EVENT_FEED_H
#define TELEX_FLEET_EVENT_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bus;
struct event_feed;
struct loop;

/* Borrowed for the call. */
struct event_batch {
    const char *subject;
    const char *id; /* as Nats-Msg-Id has it; "" where it has none */
    const char *data;
    size_t size;
    bool past; /* it was there before we came */
};

struct event_feed_hooks {
    void *context;
    void (*batch)(void *context, const struct event_batch *batch);
    /* All that is past has been told. Once. */
    void (*caught_up)(void *context);
    /* Whether it is to ask for no more for now; asked again a little later. */
    bool (*is_full)(void *context);
};

/* Begins with the last so many batches that are kept. */
struct event_feed *event_feed_create(struct loop *loop, struct bus *bus, uint64_t last,
                                     const struct event_feed_hooks *hooks);
void event_feed_destroy(struct event_feed *feed); /* NULL is fine. Not from a hook */
/* The bus is connected, again: to be called for each time, and once at the beginning. */
void event_feed_connected(struct event_feed *feed);

#endif
