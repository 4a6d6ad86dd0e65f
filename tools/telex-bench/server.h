/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the server costs, as the kernel counts it: its process and the children of that. */
#ifndef TELEX_BENCH_SERVER_H
#define TELEX_BENCH_SERVER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct server_sample {
    int64_t cpu;           /* nanoseconds on a CPU since it started */
    int64_t private_bytes; /* of memory that is nobody else's (smaps_rollup) */
};

/*
 * CPU time comes from the schedstat of each thread; where this kernel has none, and for threads
 * and children that have ended, from stat, in ticks of 10 ms. False: errno, ENOENT where there
 * is no such process.
 */
bool server_measure(pid_t pid, struct server_sample *sample);

#endif
