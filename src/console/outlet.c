/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/outlet.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/writer.h"
#include "transport/loop.h"

enum {
    OUTLET_SMALL = 256 << 10,  /* a backlog that counts as drained, if not said otherwise */
    OUTLET_BATCH = 64 << 10,   /* so much does not wait for the end of the turn */
    OUTLET_PARTS = 16,         /* pieces of the buffer in one system call */
    OUTLET_PATIENCE = 1000000, /* microseconds */
    OUTLET_FILE_RETRY =
        1000000, /* microseconds until a file that took nothing is tried again */
};

struct outlet {
    int64_t patience; /* microseconds; negative: endless */
    struct outlet_callbacks callbacks;
    void *context;
    struct writer writer;
    bool broken;
    bool told;    /* that it is broken */
    bool crowded; /* more than small waited since drained was last called */
    size_t small;
    struct evbuffer *waiting;
    struct event *flush; /* once a turn */
    struct event *room;  /* the reader takes more; for a file: try again */
};

/* One system call; what it returns, 0 for EINTR. */
static ssize_t outlet_write_some(struct outlet *outlet)
{
    struct evbuffer_iovec parts[OUTLET_PARTS];
    int count = evbuffer_peek(outlet->waiting, -1, NULL, parts, OUTLET_PARTS);
    return writer_put(&outlet->writer, parts, count < OUTLET_PARTS ? count : OUTLET_PARTS);
}

/* EAGAIN, or a full disk, which may have room again: keep what waits. */
static bool outlet_may_go_on(const struct outlet *outlet, int error)
{
    return error == EAGAIN || error == ENOBUFS ||
           (!writer_is_pollable(&outlet->writer) && (error == ENOSPC || error == EDQUOT));
}

void outlet_flush(struct outlet *outlet)
{
    while (!outlet->broken && evbuffer_get_length(outlet->waiting) > 0) {
        ssize_t put = outlet_write_some(outlet);
        if (put >= 0) {
            evbuffer_drain(outlet->waiting, (size_t)put);
        } else {
            outlet->broken = !outlet_may_go_on(outlet, errno);
            break;
        }
    }
    if (outlet->broken)
        evbuffer_drain(outlet->waiting, evbuffer_get_length(outlet->waiting));
}

/* Says what has become of it; the callbacks may destroy the outlet, so nothing comes after. */
static void outlet_report(struct outlet *outlet)
{
    size_t waiting = evbuffer_get_length(outlet->waiting);
    if (outlet->broken && !outlet->told) {
        outlet->told = true;
        outlet->callbacks.broken(outlet->context);
        return;
    }
    if (waiting > 0 && writer_is_pollable(&outlet->writer))
        loop_watch(outlet->room);
    else if (waiting > 0)
        loop_arm(outlet->room, OUTLET_FILE_RETRY);
    if (outlet->crowded && waiting <= outlet->small) {
        outlet->crowded = false;
        outlet->callbacks.drained(outlet->context);
    }
}

static void outlet_flush_cb(evutil_socket_t fd, short what, void *context)
{
    struct outlet *outlet = context;
    (void)fd, (void)what;
    outlet_flush(outlet);
    outlet_report(outlet);
}

struct outlet *outlet_create(struct event_base *base, int fd,
                             const struct outlet_callbacks *callbacks, void *context)
{
    struct outlet *outlet = mem_zalloc(sizeof *outlet);
    outlet->patience = OUTLET_PATIENCE;
    outlet->small = OUTLET_SMALL;
    outlet->callbacks = *callbacks;
    outlet->context = context;
    if (isatty(fd))
        signal(SIGTTOU, SIG_IGN);
    writer_open(&outlet->writer, fd);
    outlet->waiting = evbuffer_new();
    if (!outlet->waiting)
        mem_exhausted();
    bool pollable = writer_is_pollable(&outlet->writer);
    outlet->flush = loop_event(base, -1, 0, outlet_flush_cb, outlet, LOOP_OPERATOR);
    outlet->room = loop_event(base, pollable ? outlet->writer.fd : -1, pollable ? EV_WRITE : 0,
                              outlet_flush_cb, outlet, LOOP_OPERATOR);
    return outlet;
}

/* Milliseconds that poll may wait; -1: without end. */
static int outlet_left(const struct outlet *outlet, int64_t began)
{
    if (outlet->patience < 0)
        return -1;
    int64_t left = began + outlet->patience - loop_clock();
    return left > 0 ? (int)(left / 1000) + 1 : 0;
}

static void outlet_last(struct outlet *outlet)
{
    int64_t began = loop_clock();
    for (;;) {
        outlet_flush(outlet);
        int left = outlet_left(outlet, began);
        struct pollfd poller = {.fd = outlet->writer.fd, .events = POLLOUT};
        if (evbuffer_get_length(outlet->waiting) == 0 || !writer_is_pollable(&outlet->writer) ||
            left == 0 || poll(&poller, 1, left) <= 0)
            return;
    }
}

void outlet_set_small(struct outlet *outlet, size_t bytes)
{
    outlet->small = bytes;
}

void outlet_set_patience(struct outlet *outlet, int64_t microseconds)
{
    outlet->patience = microseconds;
}

size_t outlet_destroy(struct outlet *outlet)
{
    if (!outlet)
        return 0;
    outlet_last(outlet);
    size_t left = evbuffer_get_length(outlet->waiting);
    event_free(outlet->flush);
    event_free(outlet->room);
    evbuffer_free(outlet->waiting);
    writer_close(&outlet->writer);
    free(outlet);
    return left;
}

/*
 * Output waits for the next turn, before any peer's: a zero time-out, because an active event
 * would come right after the present callback, and each event would cost a system call.
 */
void outlet_write(struct outlet *outlet, const void *data, size_t size)
{
    if (outlet->broken)
        return;
    if (evbuffer_add(outlet->waiting, data, size) < 0)
        mem_exhausted();
    if (event_pending(outlet->room, EV_WRITE | EV_TIMEOUT, NULL)) {
        outlet->crowded |= evbuffer_get_length(outlet->waiting) > outlet->small;
        return;
    }
    if (evbuffer_get_length(outlet->waiting) >= OUTLET_BATCH)
        outlet_flush(outlet);
    outlet->crowded |= evbuffer_get_length(outlet->waiting) > outlet->small;
    if (!event_pending(outlet->flush, EV_TIMEOUT, NULL))
        loop_arm(outlet->flush, 0);
}

void outlet_finish(struct outlet *outlet)
{
    outlet->small = 0;
    outlet->crowded = true;
    loop_arm(outlet->flush, 0);
}

size_t outlet_backlog(const struct outlet *outlet)
{
    return evbuffer_get_length(outlet->waiting);
}
