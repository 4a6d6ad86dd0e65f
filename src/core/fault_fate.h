/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is to become of each message under a plan: drawn from a generator with a seed, so that
 * the same seed and the same messages have the same fate again.
 */
#ifndef TELEX_CORE_FAULT_FATE_H
#define TELEX_CORE_FAULT_FATE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/fault_plan.h"

struct fault_dice {
    uint64_t state; /* the seed at first */
};

struct fault_fate {
    bool lost;
    bool duplicated;
    bool reordered; /* the next one passes it */
    bool corrupted; /* in bit, modulo its bits */
    uint64_t bit;
    int64_t delay; /* microseconds: latency and jitter */
};

/* Draws the same number of times whatever the plan says, so that what is lost does not depend
 * on how much is corrupted. */
struct fault_fate fault_fate_draw(struct fault_dice *dice, const struct fault_plan *plan);

#endif
