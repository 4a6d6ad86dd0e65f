/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bytes that are sent: one block of random ones that repeats for ever, from which every
 * client takes its own piece, so that to verify an echo is one memcmp. The period is a prime:
 * messages of a round size never look alike.
 */
#ifndef TELEX_BENCH_PATTERN_H
#define TELEX_BENCH_PATTERN_H

#include <stdint.h>

enum {
    PATTERN_PERIOD = 262147,
    PATTERN_PIECE = 256 << 10 /* so much may be used from any place on */
};

/* Memory of the pattern, the same bytes in every run; freed with free(3). */
uint8_t *pattern_create(void);

/* The place that is size bytes (at most PATTERN_PIECE) behind another. */
static inline uint32_t pattern_after(uint32_t place, uint32_t size)
{
    place += size;
    return place < PATTERN_PERIOD ? place : place - PATTERN_PERIOD;
}

/* A place for what has this number: neighbours are far apart. */
static inline uint32_t pattern_place(uint64_t number)
{
    return (uint32_t)(number * 100003 % PATTERN_PERIOD);
}

#endif
