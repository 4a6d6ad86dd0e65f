/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What those who know no loop need of the one they live in: the time, and a turn later. A test
 * fakes both. The jobs are theirs, and must be forgotten before they go.
 */
#ifndef TELEX_BASE_HOST_H
#define TELEX_BASE_HOST_H

#include <stdint.h>

#include "base/part.h"

struct alarm;
struct job;

/* The turns so far. */
struct turns {
    uint64_t count;
    uint64_t longest;     /* microseconds */
    enum part longest_in; /* what took most of it */
};

struct host {
    void *context;
    const struct turns *turns;
    /* Microseconds of a clock that only goes forward; may be constant within one loop turn. */
    int64_t (*now)(void *context);
    /* The same clock, as it stands now. */
    int64_t (*clock)(void *context);
    /* Microseconds since the epoch. */
    int64_t (*wall)(void *context);
    /* The turn is spent in that part from now on; returns in which it was. For measuring. */
    enum part (*enter)(void *context, enum part part);
    /* Asks that the job be run soon: after the present callback, before all others. */
    void (*defer)(void *context, struct job *job);
    /* Asks for one piece of the job in the next turn of the loop, among the peers. */
    void (*later)(void *context, struct job *job);
    /* Asks that the alarm's job be run after so many microseconds; its last word counts. */
    void (*alarm)(void *context, struct alarm *alarm, int64_t delay);
};

#endif
