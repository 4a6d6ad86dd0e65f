/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/histogram.h"

#include <stddef.h>

enum { EACH = 1 << HISTOGRAM_BITS };

/*
 * Values below 128 have a bucket each. Above, the leading bit says which group of 128, the next
 * seven bits which of it.
 */
static size_t bucket_of(uint64_t value)
{
    if (value < EACH)
        return (size_t)value;
    int shift = 63 - __builtin_clzll(value) - HISTOGRAM_BITS;
    return ((size_t)(shift + 1) << HISTOGRAM_BITS) + (size_t)(value >> shift) - EACH;
}

/* The largest value of a bucket. */
static uint64_t bucket_top(size_t bucket)
{
    if (bucket < EACH)
        return bucket;
    int shift = (int)(bucket >> HISTOGRAM_BITS) - 1;
    uint64_t lead = EACH + (bucket & (EACH - 1));
    return ((lead + 1) << shift) - 1;
}

static uint64_t fit(int64_t value)
{
    uint64_t most = (UINT64_C(1) << HISTOGRAM_MOST_BITS) - 1;
    return value < 0 ? 0 : (uint64_t)value > most ? most : (uint64_t)value;
}

void histogram_add(struct histogram *histogram, int64_t value)
{
    uint64_t kept = fit(value);
    histogram->count++;
    histogram->buckets[bucket_of(kept)]++;
    if (kept > histogram->max)
        histogram->max = kept;
}

/* There may be more of them than anyone would want to add one by one. */
void histogram_add_even(struct histogram *histogram, int64_t most, uint64_t count)
{
    if (count == 0)
        return;
    uint64_t kept = fit(most), added = 0;
    for (size_t i = 0, last = bucket_of(kept); i <= last; i++) {
        double part = i < last ? (double)bucket_top(i) / (double)kept : 1;
        uint64_t below = i < last ? (uint64_t)(part * (double)count) : count;
        histogram->buckets[i] += below - added;
        added = below;
    }
    histogram->count += count;
    if (kept > histogram->max)
        histogram->max = kept;
}

uint64_t histogram_quantile(const struct histogram *histogram, double part)
{
    uint64_t wanted = (uint64_t)(part * (double)histogram->count);
    if ((double)wanted < part * (double)histogram->count || wanted == 0)
        wanted++;
    uint64_t seen = 0;
    size_t count = sizeof histogram->buckets / sizeof *histogram->buckets;
    for (size_t i = 0; i < count; i++) {
        seen += histogram->buckets[i];
        if (seen >= wanted)
            return bucket_top(i) < histogram->max ? bucket_top(i) : histogram->max;
    }
    return histogram->max;
}
