/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The events of a node on their way: from its telexd, by a connection that only listens, in
 * batches into the stream. Where the broker takes nothing, no more is read from telexd than the
 * window holds; what that missed is asked for when there is room again.
 */
#ifndef TELEX_FLEET_EVENTS_H
#define TELEX_FLEET_EVENTS_H

#include <stdint.h>

struct attach_place;
struct bus;
struct events;
struct fleet_settings;
struct loop;

/* That event was read from telexd, in that run of it. */
typedef void events_read(void *context, const char *run, uint64_t seq);

/* All is borrowed for good. */
struct events *events_create(struct loop *loop, struct bus *bus,
                             const struct fleet_settings *settings,
                             const struct attach_place *place, events_read *read,
                             void *context);
void events_destroy(struct events *events); /* NULL is fine */

/* What the bus tells. */
void events_connected(struct events *events);
void events_lost(struct events *events);
void events_drained(struct events *events);
/* Sends what waits for more: before the end. */
void events_flush(struct events *events);

#endif
