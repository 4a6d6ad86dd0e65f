/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time in nanoseconds. */
#ifndef TELEX_BENCH_CLOCK_H
#define TELEX_BENCH_CLOCK_H

#include <stdint.h>
#include <time.h>

enum { CLOCK_MICROSECOND = 1000, CLOCK_MILLISECOND = 1000000, CLOCK_SECOND = 1000000000 };

/* Since some moment in the past. */
static inline int64_t clock_now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * CLOCK_SECOND + time.tv_nsec;
}

#endif
