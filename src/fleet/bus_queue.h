/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the bus's threads give to the loop's: put in by any of them, in order, taken out by the
 * loop alone. It knows neither NATS nor a loop. Counted, since a thread of a connection that
 * was given up may still put something in.
 */
#ifndef TELEX_FLEET_BUS_QUEUE_H
#define TELEX_FLEET_BUS_QUEUE_H

#include <stddef.h>
#include <stdint.h>

struct bus_queue;

enum bus_item_kind {
    BUS_ITEM_CONNECTED, /* text: the server; most */
    BUS_ITEM_LOST,      /* text: why. No connection could be had, or it is gone */
    BUS_ITEM_COMPLAINT, /* text: what the broker refuses */
    BUS_ITEM_MESSAGE    /* handle */
};

struct bus_item {
    enum bus_item_kind kind;
    uint64_t of; /* the number of a connection; of a message, of its subscription */
    char *text;  /* malloc'ed, or NULL */
    size_t most; /* bytes that a message may have */
    void *handle;
    void (*drop)(void *handle); /* frees it */
    size_t size;                /* for the queue's bound; 0: it is never dropped */
    struct bus_item *prev, *next;
};

/* For the loop's thread, with one use; NULL with errno. What has a size, and finds that with it
 * there would be more than most bytes, is dropped. */
struct bus_queue *bus_queue_create(size_t most);
/* The loop takes nothing any more: gives up the use, and what is in it. */
void bus_queue_close(struct bus_queue *queue);
/* Readable while there is something to take. */
int bus_queue_fd(const struct bus_queue *queue);
/* The next, or NULL; the caller frees it by bus_item_free. */
struct bus_item *bus_queue_take(struct bus_queue *queue);

/* --- in any thread --- */

/* One more use, to be given up by bus_queue_release. */
struct bus_queue *bus_queue_hold(struct bus_queue *queue);
void bus_queue_release(struct bus_queue *queue);
/* A copy of *item, whose text and handle are the queue's from then on. */
void bus_queue_put(struct bus_queue *queue, const struct bus_item *item);
void bus_item_free(struct bus_item *item);

#endif
