/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When memory that was freed goes back to the system (base/mem_trim.h). The allocator keeps it,
 * full of holes. To give them back, and to get as much again, costs time: so that is done some
 * time after a flood has gone, and not where some come and others go.
 */
#ifndef TELEX_CORE_TRIM_H
#define TELEX_CORE_TRIM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/jobs.h"
#include "base/mem_trim.h"

struct trim {
    uint64_t peak;         /* bytes: the most that was in use since the last time */
    int64_t due;           /* hub clock: when to look again; 0: no need to */
    struct mem_trim freed; /* what is being given back */
    struct job job;        /* does that */
};

/* The quietest time between two: microseconds. What is less in all stays: bytes. */
enum { TRIM_DELAY = 10000000, TRIM_WORTH = 4 << 20 };

/* So much is in use now. Returns whether that is so little that trim_start is to be called. */
bool trim_note(struct trim *trim, uint64_t used);
/* After TRIM_DELAY trim_is_due has to be asked. now: hub clock. */
void trim_start(struct trim *trim, int64_t now);
/* Whether freed memory is to be given back now; says so once. */
bool trim_is_due(struct trim *trim, uint64_t used, int64_t now);

#endif
