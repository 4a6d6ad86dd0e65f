/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The figures that a report shows, from what a run has counted. */
#ifndef TELEX_BENCH_FIGURES_H
#define TELEX_BENCH_FIGURES_H

#include <stdbool.h>
#include <stdint.h>

struct run;

struct figures_quantiles {
    double p50, p99, p999, max; /* microseconds */
};

struct figures {
    double seconds;
    uint64_t operations;
    double rate; /* a second; where the clients only hold, of connecting */
    double bytes_per_second;
    double loss; /* part of the datagrams sent */
    bool has_unanswered;
    struct figures_quantiles latency;
    bool has_connect;
    struct figures_quantiles connect;
    bool has_exchanges;           /* else nothing can be told of one operation */
    double own_cpu_seconds;       /* of telex-bench itself */
    double own_cpu_per_operation; /* microseconds */

    bool has_server;
    double cpu_seconds;
    double cpu_per_operation; /* microseconds */
    double cpu_per_megabyte;  /* microseconds for 1,048,576 bytes that came back */
    uint64_t private_bytes;
    double private_bytes_per_client; /* how much it has grown by since before the first */

    bool has_flood;
    uint64_t flood_sent;
    uint64_t flood_lost;
    double flood_loss;
    double flood_rate; /* that was kept, a second */
};

void figures_make(struct figures *figures, const struct run *run);

#endif
