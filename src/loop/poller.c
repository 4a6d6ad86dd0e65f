/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/poller.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/ut.h"
#include "loop/timeout.h"
#include "loop/watch.h"

/* Streams that the kernel is asked for at a time. */
enum { POLLER_BATCH = 128 };
/* A turn takes no longer than this, however much each has to say: others wait. */
enum {
    POLLER_SLICE = 3000 /* microseconds */,
    POLLER_CLOCK = 4 /* streams between two looks */
};

struct poller {
    int fd;
    CAST_MARK;
    struct watch *ready;
    struct timeout *turn;        /* there are some that asked for another turn */
    struct poller_source *again; /* utlist */
    /* What the kernel has told and is not served yet: next and on. */
    struct epoll_event events[POLLER_BATCH];
    int next, count;
    bool ends; /* the present turn, whatever its time */
};

/*
 * It begins with the first look: most turns serve fewer streams, and need no clock. Those
 * before it are few, and each takes a bounded share, whatever it has to say.
 */
struct slice {
    int64_t end; /* 0: it has not begun */
    int served;
};

/* To be asked before each stream. */
static bool is_over(struct poller *poller, struct slice *slice)
{
    const int served = slice->served++;
    if (poller->ends)
        return true;
    if (served == 0 || served % POLLER_CLOCK != 0)
        return false;
    const int64_t now = loop_clock();
    if (slice->end == 0)
        slice->end = now + POLLER_SLICE;
    return now >= slice->end;
}

static void take_off_list(struct poller *poller, struct poller_source *source)
{
    if (source->again)
        DL_DELETE(poller->again, source);
    source->again = false;
}

/* Those that asked before this turn, the first first; who asks meanwhile waits for the next. */
static void turn_cb(void *context)
{
    struct poller *poller = CAST(poller, context);
    struct slice slice = {0};
    poller->ends = false;
    const struct poller_source *last = poller->again ? poller->again->prev : NULL;
    const struct poller_source *served = NULL;
    while (poller->again && served != last && !is_over(poller, &slice)) {
        struct poller_source *source = poller->again;
        served = source;
        take_off_list(poller, source);
        source->ready(source, 0);
    }
    if (poller->again)
        timeout_set(poller->turn, 0);
}

/* A socket that failed, or was hung up, tells how whoever reads or writes. */
static unsigned what_is_ready(const struct epoll_event *event)
{
    const struct poller_source *source = event->data.ptr;
    unsigned what = (event->events & EPOLLIN ? POLLER_IN : 0u) |
                    (event->events & EPOLLOUT ? POLLER_OUT : 0u);
    return event->events & (EPOLLERR | EPOLLHUP) ? source->watched : what;
}

static void serve_next(struct poller *poller)
{
    const struct epoll_event *event = &poller->events[poller->next++];
    struct poller_source *source = event->data.ptr;
    if (poller->next < poller->count) /* with thousands it is in no cache any more */
        __builtin_prefetch(poller->events[poller->next].data.ptr);
    source->ready(source, what_is_ready(event));
}

/*
 * What a turn leaves comes first in the next: asked again, epoll would put it behind those that
 * were served.
 */
static void ready_cb(void *context)
{
    struct poller *poller = CAST(poller, context);
    struct slice slice = {0};
    poller->ends = false;
    if (poller->next >= poller->count) {
        poller->next = 0;
        poller->count = epoll_wait(poller->fd, poller->events, POLLER_BATCH, 0);
    }
    while (poller->next < poller->count && !is_over(poller, &slice))
        serve_next(poller);
}

struct poller *poller_create(struct loop *loop)
{
    struct poller *poller = mem_zalloc(sizeof *poller);
    CAST_INIT(poller, poller);
    poller->fd = epoll_create1(EPOLL_CLOEXEC);
    if (poller->fd < 0) {
        log_error("cannot wait for streams: %s", strerror(errno));
        exit(1);
    }
    poller->ready =
        watch_create(loop, poller->fd, WATCH_READ, LOOP_PEERS, PART_PEERS, ready_cb, poller);
    poller->turn = timeout_create(loop, LOOP_PEERS, PART_PEERS, turn_cb, poller);
    watch_start(poller->ready);
    return poller;
}

void poller_destroy(struct poller *poller)
{
    if (!poller)
        return;
    watch_destroy(poller->ready);
    timeout_destroy(poller->turn);
    close(poller->fd);
    free(poller);
}

void poller_watch(struct poller *poller, int fd, struct poller_source *source, unsigned what)
{
    struct epoll_event event = {.events = (what & POLLER_IN ? EPOLLIN : 0u) |
                                          (what & POLLER_OUT ? EPOLLOUT : 0u),
                                .data.ptr = source};
    if (what == source->watched)
        return;
    /* Out of the set where nothing is waited for: a hang-up would be told for ever. */
    int operation = what == 0              ? EPOLL_CTL_DEL
                    : source->watched == 0 ? EPOLL_CTL_ADD
                                           : EPOLL_CTL_MOD;
    source->watched = (unsigned char)what;
    if (epoll_ctl(poller->fd, operation, fd, &event) == 0)
        return;
    log_error("cannot wait for a stream: %s", strerror(errno));
    exit(1);
}

void poller_again(struct poller *poller, struct poller_source *source)
{
    if (source->again)
        return;
    source->again = true;
    DL_APPEND(poller->again, source);
    timeout_set(poller->turn,
                0); /* a timer, not event_active: that would run within this turn */
}

void poller_forget(struct poller *poller, struct poller_source *source)
{
    take_off_list(poller, source);
    int kept = poller->next;
    for (int i = poller->next; i < poller->count; i++)
        if (poller->events[i].data.ptr != source)
            poller->events[kept++] = poller->events[i];
    poller->count = kept;
}

void poller_end_turn(struct poller *poller)
{
    poller->ends = true;
}
