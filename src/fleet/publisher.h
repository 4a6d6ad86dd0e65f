/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Gets a node's events into its stream: collects them to batches, sends these, and sends them
 * again from what failed on. After each connection, and whatever failed, the stream is asked
 * first what it has; so a batch whose answer was lost is not stored again, however long ago.
 */
#ifndef TELEX_FLEET_PUBLISHER_H
#define TELEX_FLEET_PUBLISHER_H

#include <stdbool.h>
#include <stddef.h>

#include "fleet/jetstream.h"
#include "fleet/window.h"

struct bus;
struct loop;
struct publisher;

struct publisher_hooks {
    void *context;
    /* Once: the stream is there, and has that as the node's last batch so far. */
    void (*begin)(void *context, const struct jetstream_last *last);
    /* It was full, and is not any more. */
    void (*room)(void *context);
};

struct publisher *publisher_create(struct loop *loop, struct bus *bus,
                                   const struct jetstream_settings *settings,
                                   const struct publisher_hooks *hooks);
void publisher_destroy(struct publisher *publisher);

/* The next event, from begin on. */
void publisher_add(struct publisher *publisher, const struct window_event *event);
/* Whether nothing should be added. */
bool publisher_is_full(struct publisher *publisher);
/* The longest line, without its newline, that the broker takes: bytes. */
size_t publisher_most(const struct publisher *publisher);

/* Of the bus: it is connected, it has lost that, it has room. */
void publisher_connected(struct publisher *publisher);
void publisher_lost(struct publisher *publisher);
void publisher_send(struct publisher *publisher);
/* Sends what waits for more events. */
void publisher_flush(struct publisher *publisher);

#endif
