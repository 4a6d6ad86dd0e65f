/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is counted. */
#ifndef TELEX_BENCH_TALLY_H
#define TELEX_BENCH_TALLY_H

#include <stdint.h>

#include "telex-bench/histogram.h"

struct tally {
    /* Of the measured time only. */
    uint64_t operations;
    uint64_t bytes;           /* that came back right */
    uint64_t sent;            /* datagrams */
    uint64_t lost;            /* of these */
    struct histogram latency; /* nanoseconds */
    struct histogram connect;
    /* Of the whole run. */
    uint64_t errors;
    uint64_t mismatched;
    char *first_error; /* malloc'ed, NULL: none */
    char *first_mismatch;
};

/* A zeroed tally is an empty one. */

/* The measured time begins. */
void tally_begin(struct tally *tally);

/* A connection is not what it should be; the first such sentence is kept. */
void tally_error(struct tally *tally, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* What came back is not what was sent; likewise. */
void tally_mismatch(struct tally *tally, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void tally_finish(struct tally *tally);

#endif
