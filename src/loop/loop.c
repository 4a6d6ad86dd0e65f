/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/loop.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/log.h"
#include "base/mem.h"

/*
 * With thousands of peers that have begun to read again one turn takes tens of milliseconds.
 * After this long the loop looks whether an operator, a timer or a signal is waiting. Not too
 * often: each look asks the kernel about all of them. (What peers send goes by the poller.)
 */
static const struct timeval peers_slice = {.tv_usec = 5000};
enum { PEERS_SLICE_EVENTS = 512 };

/* Of loop.turn_wall: in few turns anybody wants to know. */
#define WALL_NOT_ASKED INT64_MIN

static int64_t read_clock(clockid_t which)
{
    struct timespec now;
    clock_gettime(which, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t loop_clock(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

/* --- the turn --- */

/*
 * libevent tells neither where a turn of the loop begins nor where it ends. The first callback
 * begins one; an event activated then runs after all that are active already, which is the end
 * of it.
 */
static void begin_turn(struct loop *loop)
{
    turn_begin(&loop->turn, loop_clock());
    loop->turn_wall = WALL_NOT_ASKED;
    event_active(loop->turn_end, EV_TIMEOUT, 0);
}

static void turn_end_cb(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct loop *loop = CAST(loop, context);
    turn_end(&loop->turn, loop_clock(), &loop->turns);
}

/* Asks the time only where the part changes: peers alone cost no more than the turn does. */
static enum part enter(struct loop *loop, enum part part)
{
    const bool begins = !loop->turn.begun;
    if (begins)
        begin_turn(loop);
    if (loop->turn.part == part)
        return part;
    return turn_enter(&loop->turn, part, begins ? loop->turn.started : loop_clock());
}

/*
 * Between callbacks of ours libevent works for the peers: it writes what waits for them. The
 * callback may have freed its hook.
 */
static void hook_cb(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what;
    const struct loop_hook *hook = CAST(loop_hook, context);
    struct loop *loop = hook->loop;
    enter(loop, hook->part);
    hook->run(hook->context);
    enter(loop, PART_PEERS);
}

/* --- for those who know no loop --- */

static int64_t now(void *context)
{
    struct loop *loop = CAST(loop, context);
    if (!loop->turn.begun)
        begin_turn(loop);
    return loop->turn.started;
}

static int64_t clock_now(void *context)
{
    (void)context;
    return loop_clock();
}

static int64_t wall(void *context)
{
    struct loop *loop = CAST(loop, context);
    if (!loop->turn.begun)
        begin_turn(loop);
    if (loop->turn_wall == WALL_NOT_ASKED)
        loop->turn_wall = read_clock(CLOCK_REALTIME);
    return loop->turn_wall;
}

static enum part enter_part(void *context, enum part part)
{
    return enter(CAST(loop, context), part);
}

static void deferred_cb(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what;
    struct loop *loop = CAST(loop, context);
    const struct host host = loop_host(loop);
    jobs_run_all(&loop->deferred, &host);
}

void loop_defer(struct loop *loop, struct job *job)
{
    jobs_add(&loop->deferred, job);
    event_active(loop->run_deferred, EV_TIMEOUT, 0);
}

static void later_cb(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what;
    struct loop *loop = CAST(loop, context);
    const struct host host = loop_host(loop);
    jobs_run(&loop->later, &host);
    if (loop->later.first)
        loop_arm(loop->run_later, 0);
}

void loop_later(struct loop *loop, struct job *job)
{
    jobs_add(&loop->later, job);
    /* A timer, not event_active: that would run again within this turn. */
    loop_arm(loop->run_later, 0);
}

/* One that is due already rings in the next turn. */
static void await_alarm(struct loop *loop)
{
    const struct alarm *first = alarms_first(&loop->alarms);
    if (first)
        loop_arm(loop->run_alarms, first->due - loop_clock());
}

static void alarms_cb(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what;
    struct loop *loop = CAST(loop, context);
    const struct host host = loop_host(loop);
    alarms_ring(&loop->alarms, loop_clock(), &host);
    await_alarm(loop);
}

static void defer(void *context, struct job *job)
{
    loop_defer(CAST(loop, context), job);
}

static void later(void *context, struct job *job)
{
    loop_later(CAST(loop, context), job);
}

static void alarm_after(void *context, struct alarm *alarm, int64_t delay)
{
    struct loop *loop = CAST(loop, context);
    alarms_set(&loop->alarms, alarm, loop_clock() + delay);
    if (alarms_first(&loop->alarms) == alarm)
        loop_arm(loop->run_alarms, delay);
}

struct host loop_host(struct loop *loop)
{
    return (struct host){.context = loop,
                         .turns = &loop->turns,
                         .now = now,
                         .clock = clock_now,
                         .wall = wall,
                         .enter = enter_part,
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

static void log_libevent(int severity, const char *message)
{
    if (severity == EVENT_LOG_ERR)
        log_error("%s", message);
}

/* One that has no descriptor. */
static struct event *create_event(struct loop *loop, event_callback_fn callback,
                                  enum loop_priority priority)
{
    struct event *event = event_new(loop->base, -1, 0, callback, loop);
    if (!event)
        mem_exhausted();
    event_priority_set(event, priority);
    return event;
}

void loop_init(struct loop *loop)
{
    event_set_mem_functions(mem_alloc, mem_resize, free);
    open_standard_descriptors();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error like others */
    event_set_log_callback(log_libevent);
    *loop = (struct loop){.base = create_base()};
    CAST_INIT(loop, loop);
    if (!loop->base) {
        log_error("cannot make an event loop");
        exit(1);
    }
    loop->run_deferred = create_event(loop, deferred_cb, LOOP_DEFERRED);
    loop->turn_end = create_event(loop, turn_end_cb, LOOP_PEERS);
    loop->run_later = create_event(loop, later_cb, LOOP_PEERS);
    loop->run_alarms = create_event(loop, alarms_cb, LOOP_OPERATOR);
}

void loop_poll(struct loop *loop)
{
    event_base_loop(loop->base, EVLOOP_NONBLOCK);
}

void loop_finish(struct loop *loop)
{
    const struct host host = loop_host(loop);
    jobs_run_all(&loop->ending, &host);
    event_free(loop->run_deferred);
    event_free(loop->turn_end);
    event_free(loop->run_later);
    event_free(loop->run_alarms);
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

void loop_assign(struct loop_hook *hook, struct event *event, int fd, short what,
                 enum loop_priority priority)
{
    CAST_INIT(loop_hook, hook);
    if (event_assign(event, hook->loop->base, fd, what, hook_cb, hook) < 0)
        mem_exhausted();
    event_priority_set(event, priority);
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
