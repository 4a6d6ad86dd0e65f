/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/outlet.h"

#include <errno.h>
#include <event2/buffer.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/mem.h"
#include "base/writer.h"
#include "loop/loop.h"
#include "loop/outlet_thread.h"
#include "loop/timeout.h"
#include "loop/watch.h"

enum {
    OUTLET_FILE_SHARE = 3,      /* milliseconds that the loop gives a disk for a piece */
    OUTLET_FILE_MUCH = 1 << 20, /* from so much on */
    OUTLET_SMALL = 256 << 10,   /* a backlog that counts as drained, if not said otherwise */
    OUTLET_BATCH = 64 << 10,    /* so much does not wait for the end of the turn */
    OUTLET_PARTS = 16,          /* pieces of the buffer in one system call */
    /* Microseconds: */
    OUTLET_PATIENCE = 1000000,
    OUTLET_FILE_PATIENCE = 100000, /* at least: a disk that works needs less */
    OUTLET_FILE_RETRY = 1000000,   /* until a file that took nothing is tried again */
};

enum outlet_state {
    OUTLET_FLOWS,
    OUTLET_REFUSED, /* the disk takes nothing for now */
    OUTLET_BROKEN,
};

struct outlet {
    int64_t patience; /* microseconds; negative: endless */
    CAST_MARK;
    struct outlet_callbacks callbacks;
    void *context;
    struct writer writer;
    struct outlet_thread *thread; /* of a file; NULL until there is something to write */
    bool threadless;              /* none can be made for the file */
    bool strict;                  /* what the disk refuses breaks it */
    enum outlet_state state;
    int cause;    /* the errno why it does not flow */
    bool told;    /* that it does not; of a refusal, since all was written last */
    size_t lost;  /* bytes dropped when it broke and since */
    bool slow;    /* the disk did not take a piece in the time that it gets */
    bool crowded; /* more than small waited since drained was last called */
    size_t small;
    struct evbuffer *waiting;
    struct loop *loop;
    struct timeout *flush; /* once a turn */
    struct watch *room;    /* the reader takes more; NULL where that cannot be waited for */
    struct timeout *retry; /* in its place, and of a disk that took nothing */
};

static void flush_cb(void *context);

/* --- writing --- */

static void make_room(struct outlet *outlet, int fd, enum watch_what what)
{
    outlet->room =
        watch_create(outlet->loop, fd, what, LOOP_OPERATOR, PART_CONSOLE, flush_cb, outlet);
}

/* Where no thread can be made, the disk is waited for. */
static void start_thread(struct outlet *outlet)
{
    if (outlet->writer.kind != WRITER_FILE || outlet->thread || outlet->threadless)
        return;
    outlet->thread = outlet_thread_create(outlet->writer.fd);
    outlet->threadless = !outlet->thread;
    if (outlet->thread)
        make_room(outlet, outlet_thread_fd(outlet->thread), WATCH_READ);
}

static bool is_waiting(const struct outlet *outlet)
{
    return (outlet->room && watch_is_on(outlet->room)) || timeout_is_set(outlet->retry);
}

static void stop_waiting(struct outlet *outlet)
{
    if (outlet->room)
        watch_stop(outlet->room);
    timeout_stop(outlet->retry);
}

/* What it returns, 0 for EINTR. */
static ssize_t write_some(struct outlet *outlet)
{
    struct evbuffer_iovec parts[OUTLET_PARTS];
    int count = evbuffer_peek(outlet->waiting, -1, NULL, parts, OUTLET_PARTS);
    if (count > OUTLET_PARTS)
        count = OUTLET_PARTS;
    if (outlet->thread)
        return outlet_thread_put(outlet->thread, parts, count);
    return writer_put(&outlet->writer, parts, count);
}

/* A disk that is full may have room again: what waits is kept. */
static bool is_refusal(const struct outlet *outlet, int error)
{
    return !writer_is_pollable(&outlet->writer) &&
           (error == ENOSPC || error == EDQUOT || error == EFBIG || error == EIO);
}

static void fail(struct outlet *outlet, int error)
{
    if (error == EAGAIN || error == ENOBUFS)
        return;
    outlet->cause = error;
    if (is_refusal(outlet, error) && !outlet->strict) {
        outlet->state = OUTLET_REFUSED;
        outlet->crowded = true;
        return;
    }
    outlet->lost = outlet_backlog(outlet);
    outlet->state = OUTLET_BROKEN;
    outlet->told = false;
    stop_waiting(outlet);
    evbuffer_drain(outlet->waiting, evbuffer_get_length(outlet->waiting));
}

void outlet_flush(struct outlet *outlet)
{
    start_thread(outlet);
    while (outlet_backlog(outlet) > 0) {
        ssize_t put = write_some(outlet);
        if (put < 0) {
            fail(outlet, errno);
            return;
        }
        outlet->state = OUTLET_FLOWS;
        evbuffer_drain(outlet->waiting, (size_t)put);
    }
    stop_waiting(outlet); /* a thread that has nothing to do tells of nothing */
}

static bool await_room(const struct outlet *outlet, int milliseconds)
{
    struct pollfd poller = {.fd = outlet->writer.fd, .events = POLLOUT};
    if (outlet->thread)
        poller = (struct pollfd){.fd = outlet_thread_fd(outlet->thread), .events = POLLIN};
    else if (!writer_is_pollable(&outlet->writer))
        return false;
    return milliseconds != 0 && poll(&poller, 1, milliseconds) > 0;
}

/*
 * A disk that works takes a piece as fast as memory does. It gets that little time from the
 * loop, so that a flood never finds the thread behind; one that takes longer gets none.
 */
static void share(struct outlet *outlet)
{
    while (outlet->thread && !outlet->slow && outlet->state == OUTLET_FLOWS &&
           outlet_backlog(outlet) > OUTLET_FILE_MUCH) {
        outlet->slow = !await_room(outlet, OUTLET_FILE_SHARE);
        outlet_flush(outlet);
    }
}

static void outlet_wait(struct outlet *outlet)
{
    if (!outlet->room || outlet->state == OUTLET_REFUSED) {
        stop_waiting(outlet);
        timeout_set(outlet->retry, OUTLET_FILE_RETRY);
    } else {
        watch_start(outlet->room);
    }
}

/* Of what was refused, all must be written before it is over. */
static bool has_drained(const struct outlet *outlet)
{
    return outlet->crowded && outlet->state != OUTLET_REFUSED &&
           outlet_backlog(outlet) <= (outlet->told ? 0 : outlet->small);
}

static void tell_state(struct outlet *outlet)
{
    const struct outlet_callbacks *callbacks = &outlet->callbacks;
    outlet->told = true;
    if (outlet->state == OUTLET_BROKEN)
        callbacks->broken(outlet->context);
    else if (callbacks->refused)
        callbacks->refused(outlet->context, outlet->cause);
}

/* Says what has become of it; the callbacks may destroy the outlet, so nothing comes after. */
static void report(struct outlet *outlet)
{
    if (outlet_backlog(outlet) > 0)
        outlet_wait(outlet);
    if (outlet->state != OUTLET_FLOWS && !outlet->told) {
        tell_state(outlet);
    } else if (has_drained(outlet)) {
        outlet->crowded = outlet->slow = false;
        outlet->told = outlet->state == OUTLET_BROKEN;
        outlet->callbacks.drained(outlet->context);
    }
}

static void flush_cb(void *context)
{
    struct outlet *outlet = CAST(outlet, context);
    outlet_flush(outlet);
    report(outlet);
}

/* --- life --- */

static void waiting_cb(struct evbuffer *waiting, const struct evbuffer_cb_info *change,
                       void *context)
{
    const struct outlet *outlet = CAST(outlet, context);
    (void)change;
    outlet->callbacks.waiting(outlet->context, evbuffer_get_length(waiting));
}

static void make_buffer(struct outlet *outlet)
{
    outlet->waiting = evbuffer_new();
    if (!outlet->waiting ||
        (outlet->callbacks.waiting && !evbuffer_add_cb(outlet->waiting, waiting_cb, outlet)))
        mem_exhausted();
}

struct outlet *outlet_create(struct loop *loop, int fd,
                             const struct outlet_callbacks *callbacks, void *context)
{
    struct outlet *outlet = mem_zalloc(sizeof *outlet);
    CAST_INIT(outlet, outlet);
    outlet->patience = OUTLET_PATIENCE;
    outlet->small = OUTLET_SMALL;
    outlet->callbacks = *callbacks;
    outlet->context = context;
    if (isatty(fd))
        signal(SIGTTOU, SIG_IGN);
    writer_open(&outlet->writer, fd);
    make_buffer(outlet);
    outlet->loop = loop;
    outlet->flush = timeout_create(loop, LOOP_OPERATOR, PART_CONSOLE, flush_cb, outlet);
    outlet->retry = timeout_create(loop, LOOP_OPERATOR, PART_CONSOLE, flush_cb, outlet);
    if (writer_is_pollable(&outlet->writer))
        make_room(outlet, fd, WATCH_WRITE);
    return outlet;
}

/* Milliseconds that poll may wait; -1: without end. */
static int outlet_left(const struct outlet *outlet, int64_t began)
{
    int64_t patience = outlet->patience;
    if (patience < 0)
        return -1;
    if (outlet->thread && patience < OUTLET_FILE_PATIENCE)
        patience = OUTLET_FILE_PATIENCE;
    int64_t left = began + patience - loop_clock();
    return left > 0 ? (int)(left / 1000) + 1 : 0;
}

static void last(struct outlet *outlet)
{
    int64_t began = loop_clock();
    if (outlet->state == OUTLET_REFUSED)
        outlet->state = OUTLET_FLOWS;
    do
        outlet_flush(outlet);
    while (outlet_backlog(outlet) > 0 && outlet->state == OUTLET_FLOWS &&
           await_room(outlet, outlet_left(outlet, began)));
}

void outlet_set_small(struct outlet *outlet, size_t bytes)
{
    outlet->small = bytes;
}

void outlet_set_strict(struct outlet *outlet)
{
    outlet->strict = true;
}

int outlet_error(const struct outlet *outlet)
{
    return outlet->state == OUTLET_BROKEN ? outlet->cause : 0;
}

void outlet_set_patience(struct outlet *outlet, int64_t microseconds)
{
    outlet->patience = microseconds;
}

size_t outlet_destroy(struct outlet *outlet)
{
    if (!outlet)
        return 0;
    last(outlet);
    size_t left = outlet_backlog(outlet);
    timeout_destroy(outlet->flush);
    timeout_destroy(outlet->retry);
    watch_destroy(outlet->room);
    evbuffer_free(outlet->waiting);
    outlet_thread_destroy(outlet->thread);
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
    if (outlet->state == OUTLET_BROKEN) {
        outlet->lost += size;
        return;
    }
    if (evbuffer_add(outlet->waiting, data, size) < 0)
        mem_exhausted();
    bool waits = is_waiting(outlet);
    if (!waits && outlet_backlog(outlet) >= OUTLET_BATCH)
        outlet_flush(outlet);
    share(outlet);
    outlet->crowded |= outlet_backlog(outlet) > outlet->small;
    if (!waits)
        timeout_start(outlet->flush, 0);
}

void outlet_close(struct outlet *outlet)
{
    outlet->small = 0;
    outlet->crowded = true;
    timeout_set(outlet->flush, 0);
}

size_t outlet_unwritten(const struct outlet *outlet)
{
    return outlet_backlog(outlet) + outlet->lost;
}

size_t outlet_backlog(const struct outlet *outlet)
{
    if (outlet->state == OUTLET_BROKEN)
        return 0;
    return evbuffer_get_length(outlet->waiting) +
           (outlet->thread ? outlet_thread_backlog(outlet->thread) : 0);
}
