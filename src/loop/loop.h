/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The event loop of a program: the event base with its priorities, the clock that stands still
 * within a turn, and what is to be done at the end of a callback or in a later turn.
 */
#ifndef TELEX_LOOP_LOOP_H
#define TELEX_LOOP_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/alarms.h"
#include "base/cast.h"
#include "base/host.h"
#include "base/jobs.h"
#include "loop/turn.h"

struct event;
struct event_base;
struct resolver;

/* Priorities of events: the lower the number, the sooner. */
enum loop_priority {
    LOOP_DEFERRED, /* the dead */
    LOOP_OPERATOR, /* consoles, signals, timers */
    LOOP_PEERS,    /* links and listeners */
    LOOP_PRIORITIES
};

struct loop {
    struct event_base *base;
    CAST_MARK;
    struct resolver *resolver; /* made with the first name, see resolve.h */
    struct jobs ending;        /* of loop_finish */
    struct jobs deferred;      /* of loop_defer */
    struct event *run_deferred;
    struct jobs later; /* of loop_later */
    struct event *run_later;
    struct alarms alarms; /* of host.alarm */
    struct event *run_alarms;
    struct event *turn_end; /* measures the turn */
    struct turn turn;
    struct turns turns;
    int64_t turn_wall; /* when it was first asked in it: microseconds since the epoch */
};

/* Ignores SIGPIPE and SIGXFSZ, opens descriptors 0 to 2 on /dev/null where closed. Ends the
 * program on failure. */
void loop_init(struct loop *loop);
/* The same for those who know no loop. */
struct host loop_host(struct loop *loop);
/* Runs the jobs that wait for the end. */
void loop_finish(struct loop *loop);
/* Until loop_stop. */
void loop_run(struct loop *loop);
/* One turn, without waiting: what has come since loop_run, such as a signal. */
void loop_poll(struct loop *loop);
void loop_stop(struct loop *loop);
/* Runs the job after the present callback, before all others. */
void loop_defer(struct loop *loop, struct job *job);
/* Runs one piece of the job in the next turn, among the peers. */
void loop_later(struct loop *loop, struct job *job);
/* Microseconds of the clock that only goes forward, now: the host's stands still in a turn. */
int64_t loop_clock(void);

/* --- for timeout and watch --- */

/* What an event of libevent's calls: by its context alone, and measured. */
struct loop_hook {
    struct loop *loop;
    void (*run)(void *context);
    void *context;
    enum part part;
    CAST_MARK;
};

/* Fills in the event, which is to live as long as its hook. */
void loop_assign(struct loop_hook *hook, struct event *event, int fd, short what,
                 enum loop_priority priority);
/* Adds an event without a time, or after so many microseconds, at once where that is not
 * positive. Where libevent cannot, the program ends: it would wait for ever. */
void loop_watch(struct event *event);
void loop_arm(struct event *event, int64_t microseconds);

#endif
