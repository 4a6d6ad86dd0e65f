/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/bus_queue.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/ut.h"

struct bus_queue {
    int fd; /* readable while there are items */
    size_t most;
    pthread_mutex_t lock;
    /* Under the lock: */
    struct bus_item *items; /* utlist */
    size_t held;            /* bytes */
    unsigned uses;
    bool closed;
};

struct bus_queue *bus_queue_create(size_t most)
{
    int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (fd < 0)
        return NULL;
    struct bus_queue *queue = mem_zalloc(sizeof *queue);
    queue->fd = fd;
    queue->most = most;
    queue->uses = 1;
    pthread_mutex_init(&queue->lock, NULL);
    return queue;
}

void bus_item_free(struct bus_item *item)
{
    if (item->handle)
        item->drop(item->handle);
    free(item->text);
    free(item);
}

void bus_queue_close(struct bus_queue *queue)
{
    struct bus_item *item;
    while ((item = bus_queue_take(queue)))
        bus_item_free(item);
    pthread_mutex_lock(&queue->lock);
    queue->closed = true;
    pthread_mutex_unlock(&queue->lock);
    bus_queue_release(queue);
}

int bus_queue_fd(const struct bus_queue *queue)
{
    return queue->fd;
}

struct bus_item *bus_queue_take(struct bus_queue *queue)
{
    eventfd_t one;
    pthread_mutex_lock(&queue->lock);
    struct bus_item *item = queue->items;
    if (item) {
        DL_DELETE(queue->items, item);
        queue->held -= item->size;
        if (!queue->items)
            eventfd_read(queue->fd, &one); /* cannot fail: it was written for the first */
    }
    pthread_mutex_unlock(&queue->lock);
    return item;
}

struct bus_queue *bus_queue_hold(struct bus_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->uses++;
    pthread_mutex_unlock(&queue->lock);
    return queue;
}

void bus_queue_release(struct bus_queue *queue)
{
    struct bus_item *item, *next;
    pthread_mutex_lock(&queue->lock);
    const bool last = --queue->uses == 0;
    pthread_mutex_unlock(&queue->lock);
    if (!last)
        return;
    DL_FOREACH_SAFE(queue->items, item, next)
        bus_item_free(item);
    pthread_mutex_destroy(&queue->lock);
    close(queue->fd);
    free(queue);
}

/* With the lock held. What a connection says of itself, twice at most, has no size. */
static bool has_room(const struct bus_queue *queue, const struct bus_item *item)
{
    return !queue->closed && (item->size == 0 || queue->held + item->size <= queue->most);
}

void bus_queue_put(struct bus_queue *queue, const struct bus_item *given)
{
    struct bus_item *item = mem_dup(given, sizeof *given);
    pthread_mutex_lock(&queue->lock);
    const bool taken = has_room(queue, item);
    if (taken) {
        if (!queue->items)
            eventfd_write(queue->fd, 1);
        queue->held += item->size;
        DL_APPEND(queue->items, item);
    }
    pthread_mutex_unlock(&queue->lock);
    if (!taken)
        bus_item_free(item);
}
