/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How often each latency came, in buckets that are a fixed part of their value wide: the values
 * of one power of two share 128 of them, so a quantile is wrong by less than 0.8 %. About
 * 38 KiB, however many values come.
 */
#ifndef TELEX_BENCH_HISTOGRAM_H
#define TELEX_BENCH_HISTOGRAM_H

#include <stdint.h>

enum {
    HISTOGRAM_BITS = 7,      /* 128 buckets for each power of two */
    HISTOGRAM_MOST_BITS = 44 /* values are below 2^44: nanoseconds of nearly five hours */
};

struct histogram {
    uint64_t count;
    uint64_t max;
    uint64_t buckets[(HISTOGRAM_MOST_BITS - HISTOGRAM_BITS + 1) << HISTOGRAM_BITS];
};

/* A zeroed histogram is an empty one. */

/* Negative values count as 0, values of 2^44 and more as the largest below. */
void histogram_add(struct histogram *histogram, int64_t value);

/* So many values, evenly spread from above 0 up to most. */
void histogram_add_even(struct histogram *histogram, int64_t most, uint64_t count);

/*
 * The smallest value such that at least part (0 to 1) of all are no larger, to within its
 * bucket, and never above the largest of all; 0 where there are none.
 */
uint64_t histogram_quantile(const struct histogram *histogram, double part);

#endif
