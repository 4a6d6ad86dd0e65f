/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/poller.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/ut.h"
#include "transport/loop.h"

/* Streams served in one turn: some milliseconds of work, where each has much to say. */
enum { POLLER_BATCH = 128 };
/* How often the kernel is asked for them: who has said more by then need not wait for the base.
 */
enum { POLLER_ROUNDS = 4 };

struct poller {
    int fd;
    struct event *ready;
    struct event *turn;          /* there are some that asked for another turn */
    struct poller_source *again; /* utlist */
};

/* Those that asked before this turn, the first first; who asks meanwhile waits for the next. */
static void turn_cb(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct poller *poller = context;
    const struct poller_source *last = poller->again ? poller->again->prev : NULL;
    const struct poller_source *served = NULL;
    for (int i = 0; i < POLLER_BATCH && poller->again && served != last; i++) {
        struct poller_source *source = poller->again;
        served = source;
        poller_forget(poller, source);
        source->ready(source);
    }
    if (poller->again)
        loop_arm(poller->turn, 0);
}

/* Returns how many there were; those that are not served are ready still. */
static int serve_ready(evutil_socket_t fd, int most)
{
    struct epoll_event events[POLLER_BATCH];
    int count = epoll_wait(fd, events, most, 0);
    for (int i = 0; i < count; i++) {
        struct poller_source *source = events[i].data.ptr;
        if (i + 1 < count) /* with thousands it is in no cache any more */
            __builtin_prefetch(events[i + 1].data.ptr);
        source->ready(source);
    }
    return count;
}

static void ready_cb(evutil_socket_t fd, short what, void *context)
{
    (void)what, (void)context;
    int left = POLLER_BATCH;
    for (int round = 0; round < POLLER_ROUNDS && left > 0; round++) {
        int served = serve_ready(fd, left);
        if (served <= 0)
            break;
        left -= served;
    }
}

struct poller *poller_create(struct loop *loop)
{
    struct poller *poller = mem_zalloc(sizeof *poller);
    poller->fd = epoll_create1(EPOLL_CLOEXEC);
    if (poller->fd < 0) {
        log_error("cannot wait for streams: %s", strerror(errno));
        exit(1);
    }
    poller->ready =
        loop_event(loop->base, poller->fd, EV_READ | EV_PERSIST, ready_cb, poller, LOOP_PEERS);
    poller->turn = loop_event(loop->base, -1, 0, turn_cb, poller, LOOP_PEERS);
    loop_watch(poller->ready);
    return poller;
}

void poller_destroy(struct poller *poller)
{
    if (!poller)
        return;
    event_free(poller->ready);
    event_free(poller->turn);
    close(poller->fd);
    free(poller);
}

void poller_watch(struct poller *poller, evutil_socket_t fd, struct poller_source *source)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = source};
    if (epoll_ctl(poller->fd, EPOLL_CTL_ADD, fd, &event) == 0 || errno == EEXIST)
        return;
    log_error("cannot wait for a stream: %s", strerror(errno));
    exit(1);
}

void poller_unwatch(struct poller *poller, evutil_socket_t fd)
{
    epoll_ctl(poller->fd, EPOLL_CTL_DEL, fd, NULL); /* ENOENT where it is not watched */
}

void poller_again(struct poller *poller, struct poller_source *source)
{
    if (source->again)
        return;
    source->again = true;
    DL_APPEND(poller->again, source);
    loop_arm(poller->turn, 0); /* a timer, not event_active: that would run within this turn */
}

void poller_forget(struct poller *poller, struct poller_source *source)
{
    if (source->again)
        DL_DELETE(poller->again, source);
    source->again = false;
}
