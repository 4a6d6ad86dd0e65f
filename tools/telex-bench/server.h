/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the server costs, as the kernel counts it. */
#ifndef TELEX_BENCH_SERVER_H
#define TELEX_BENCH_SERVER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Nanoseconds that all threads of the process have been on a CPU: /proc/PID/task/TID/schedstat,
 * else /proc/PID/stat in ticks of 10 ms. -1: it can't be read (errno).
 */
int64_t server_cpu(pid_t pid);

/* Bytes that are its own alone (Private_Clean and Private_Dirty of smaps_rollup); -1 likewise.
 */
int64_t server_private(pid_t pid);

#endif
