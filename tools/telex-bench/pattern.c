/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/pattern.h"

#include <string.h>

#include "base/mem.h"

/* Splitmix64: small, and no two short pieces of its output look alike. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t mixed = *state += 0x9e3779b97f4a7c15;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
    return mixed ^ mixed >> 31;
}

struct pattern pattern_create(void)
{
    uint8_t *block = mem_alloc(PATTERN_PERIOD + PATTERN_PIECE);
    uint64_t state = 0;
    for (uint32_t i = 0; i < PATTERN_PERIOD; i++)
        block[i] = (uint8_t)next_random(&state);
    memcpy(block + PATTERN_PERIOD, block, PATTERN_PIECE);
    return (struct pattern){block, PATTERN_PERIOD};
}

/* A piece is never longer than the period, so that going on is one subtraction. */
struct pattern pattern_of_text(const void *text, size_t size)
{
    const size_t period = (PATTERN_PIECE / size + 1) * size;
    uint8_t *block = mem_alloc(period + PATTERN_PIECE);
    for (size_t i = 0; i < period; i += size)
        memcpy(block + i, text, size);
    memcpy(block + period, block, PATTERN_PIECE);
    return (struct pattern){block, (uint32_t)period};
}
