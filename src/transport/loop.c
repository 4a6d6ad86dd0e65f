/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "core/hub.h"
#include "transport/resolve.h"

/*
 * With thousands of peers that have begun to read again one turn takes tens of milliseconds.
 * After this long the loop looks whether an operator, a timer or a signal is waiting. Not too
 * often: each look asks the kernel about all of them. (What peers send goes by the poller.)
 */
static const struct timeval peers_slice = {.tv_usec = 5000};
enum { PEERS_SLICE_EVENTS = 512 };

int64_t loop_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* --- the turn --- */

/*
 * libevent tells neither where a turn of the loop begins nor where it ends. Whoever asks for
 * the time first begins one; an event activated then runs after all that are active already,
 * which is the end of it.
 */
static void notice_turn(struct loop *loop)
{
    struct timespec wall;
    if (loop->in_turn)
        return;
    loop->in_turn = true;
    loop->turn_started = loop_clock();
    clock_gettime(CLOCK_REALTIME, &wall);
    loop->turn_wall = (int64_t)wall.tv_sec * 1000000 + wall.tv_nsec / 1000;
    event_active(loop->turn_end, EV_TIMEOUT, 0);
}

static void turn_end_cb(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct loop *loop = context;
    loop->in_turn = false;
    if (!loop->hub)
        return;
    uint64_t took = (uint64_t)(loop_clock() - loop->turn_started);
    struct stats *stats = &loop->hub->stats;
    stats->loop_turns++;
    if (took > stats->longest_turn)
        stats->longest_turn = took;
}

/* --- the hub's host --- */

static int64_t now(void *context)
{
    struct loop *loop = context;
    notice_turn(loop);
    return loop->turn_started;
}

static int64_t clock_now(void *context)
{
    (void)context;
    return loop_clock();
}

static int64_t wall(void *context)
{
    struct loop *loop = context;
    notice_turn(loop);
    return loop->turn_wall;
}

static void defer(void *context)
{
    struct loop *loop = context;
    event_active(loop->deferred, EV_TIMEOUT, 0);
}

static void deferred_cb(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct loop *loop = context;
    hub_run_deferred(loop->hub);
}

static void later(void *context)
{
    struct loop *loop = context;
    /* A timer, not event_active: that would run again within this turn. */
    loop_arm(loop->later, 0);
}

static void later_cb(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct loop *loop = context;
    hub_run_later(loop->hub);
}

static void alarm_after(void *context, int64_t delay)
{
    struct loop *loop = context;
    loop_arm(loop->alarm, delay);
}

static void alarm_cb(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct loop *loop = context;
    hub_run_alarm(loop->hub);
}

struct host loop_host(struct loop *loop)
{
    return (struct host){.context = loop,
                         .now = now,
                         .clock = clock_now,
                         .wall = wall,
                         .defer = defer,
                         .later = later,
                         .alarm = alarm_after};
}

/* --- the base --- */

/*
 * A descriptor 0, 1 or 2 that is closed would be given to epoll or to a peer. One that stands
 * for a closed stdout takes nothing, so that what is written there is not lost unseen.
 */
static void open_standard_descriptors(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 &&
            open("/dev/null", fd == STDOUT_FILENO ? O_RDONLY : O_RDWR) < 0)
            _exit(1);
}

static struct event_base *create_base(void)
{
    struct event_config *config = event_config_new();
    if (!config)
        return NULL;
    event_config_set_max_dispatch_interval(config, &peers_slice, PEERS_SLICE_EVENTS,
                                           LOOP_PEERS);
    struct event_base *base = event_base_new_with_config(config);
    event_config_free(config);
    if (base && event_base_priority_init(base, LOOP_PRIORITIES) < 0) {
        event_base_free(base);
        return NULL;
    }
    return base;
}

static void say_nothing(int severity, const char *message)
{
    if (severity == EVENT_LOG_ERR)
        log_error("%s", message);
}

void loop_init(struct loop *loop)
{
    open_standard_descriptors();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error like others */
    event_set_log_callback(say_nothing);
    *loop = (struct loop){.base = create_base()};
    if (!loop->base) {
        log_error("cannot make an event loop");
        exit(1);
    }
    loop->deferred = loop_event(loop->base, -1, 0, deferred_cb, loop, LOOP_DEFERRED);
    loop->later = loop_event(loop->base, -1, 0, later_cb, loop, LOOP_PEERS);
    loop->alarm = loop_event(loop->base, -1, 0, alarm_cb, loop, LOOP_OPERATOR);
    loop->turn_end = loop_event(loop->base, -1, 0, turn_end_cb, loop, LOOP_PEERS);
}

void loop_poll(struct loop *loop)
{
    event_base_loop(loop->base, EVLOOP_NONBLOCK);
}

void loop_finish(struct loop *loop)
{
    event_free(loop->deferred);
    event_free(loop->later);
    event_free(loop->alarm);
    event_free(loop->turn_end);
    resolver_destroy(loop->resolver);
    event_base_free(loop->base);
    libevent_global_shutdown();
}

void loop_run(struct loop *loop)
{
    event_base_dispatch(loop->base);
}

void loop_stop(struct loop *loop)
{
    event_base_loopbreak(loop->base);
}

struct event *loop_event(struct event_base *base, evutil_socket_t fd, short what,
                         event_callback_fn callback, void *context, enum loop_priority priority)
{
    struct event *event = event_new(base, fd, what, callback, context);
    if (!event)
        mem_exhausted();
    event_priority_set(event, priority);
    return event;
}

static void add(struct event *event, const struct timeval *delay)
{
    if (event_add(event, delay) == 0)
        return;
    const int error = errno;
    log_divert(NULL); /* no queue will have a turn */
    log_error("cannot wait for an event: %s", strerror(error));
    exit(1);
}

void loop_watch(struct event *event)
{
    add(event, NULL);
}

void loop_arm(struct event *event, int64_t microseconds)
{
    if (microseconds < 0)
        microseconds = 0;
    add(event,
        &(struct timeval){.tv_sec = microseconds / 1000000, .tv_usec = microseconds % 1000000});
}
