/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bytes that are sent: one block of random ones that repeats for ever, from which every
 * client takes its own piece, so that to verify an echo is one memcmp. The period is a prime:
 * messages of a round size never look alike.
 */
#ifndef TELEX_BENCH_PATTERN_H
#define TELEX_BENCH_PATTERN_H

#include <stddef.h>
#include <stdint.h>

enum {
    PATTERN_PERIOD = 262147,
    PATTERN_PIECE = 256 << 10 /* so much may be used from any place on */
};

/* Bytes without an end, which repeat. */
struct pattern {
    uint8_t *bytes; /* from each place below period on PATTERN_PIECE may be used; malloc'ed */
    uint32_t period;
};

/* The random ones, the same in every run. */
struct pattern pattern_create(void);
/* A text of size bytes, from 1 to PATTERN_PIECE, again and again. */
struct pattern pattern_of_text(const void *text, size_t size);

/* The place that is size bytes (at most PATTERN_PIECE) behind another. */
static inline uint32_t pattern_after(const struct pattern *pattern, uint32_t place,
                                     uint32_t size)
{
    place += size;
    return place < pattern->period ? place : place - pattern->period;
}

/* A place in the random one for what has this number: neighbours are far apart. */
static inline uint32_t pattern_place(uint64_t number)
{
    return (uint32_t)(number * 100003 % PATTERN_PERIOD);
}

#endif
