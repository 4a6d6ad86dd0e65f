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

uint8_t *pattern_create(void)
{
    uint8_t *block = mem_alloc(PATTERN_PERIOD + PATTERN_PIECE);
    uint64_t state = 0;
    for (uint32_t i = 0; i < PATTERN_PERIOD; i++)
        block[i] = (uint8_t)next_random(&state);
    memcpy(block + PATTERN_PERIOD, block, PATTERN_PIECE);
    return block;
}
