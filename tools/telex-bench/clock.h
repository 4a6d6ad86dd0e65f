/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time in nanoseconds. */
#ifndef TELEX_BENCH_CLOCK_H
#define TELEX_BENCH_CLOCK_H

#include <stdint.h>
#include <time.h>

enum { CLOCK_MICROSECOND = 1000, CLOCK_MILLISECOND = 1000000, CLOCK_SECOND = 1000000000 };

static inline int64_t clock_read(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * CLOCK_SECOND + time.tv_nsec;
}

/* Since some moment in the past. */
static inline int64_t clock_now(void)
{
    return clock_read(CLOCK_MONOTONIC);
}

/* That this process has been on a CPU. */
static inline int64_t clock_cpu(void)
{
    return clock_read(CLOCK_PROCESS_CPUTIME_ID);
}

#endif
