/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the hub needs of the world around it; a test fakes both the clock and the loop. */
#ifndef TELEX_BASE_HOST_H
#define TELEX_BASE_HOST_H

#include <stdint.h>

#include "base/part.h"

struct host {
    void *context;
    /* Microseconds of a clock that only goes forward; may be constant within one loop turn. */
    int64_t (*now)(void *context);
    /* The same clock, as it stands now. */
    int64_t (*clock)(void *context);
    /* Microseconds since the epoch. */
    int64_t (*wall)(void *context);
    /* The turn is spent in that part from now on; returns in which it was. For measuring. */
    enum part (*enter)(void *context, enum part part);
    /* Asks that hub_run_deferred be called soon, after the present callback, before all others.
     */
    void (*defer)(void *context);
    /* Asks that hub_run_later be called once in the next turn of the loop, among the peers. */
    void (*later)(void *context);
    /* Asks that hub_run_alarm be called after so many microseconds; the last word counts. */
    void (*alarm)(void *context, int64_t delay);
};

#endif
