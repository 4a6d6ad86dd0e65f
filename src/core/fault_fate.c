/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/fault_fate.h"

/* SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014): good
 * enough, and it begins anywhere. */
static uint64_t roll(struct fault_dice *dice)
{
    uint64_t value = dice->state += 0x9e3779b97f4a7c15;
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
    value = (value ^ value >> 27) * 0x94d049bb133111eb;
    return value ^ value >> 31;
}

/* Below limit. The bias of the remainder is less than one in 10^9 for limits up to 10^10. */
static uint64_t roll_below(struct fault_dice *dice, uint64_t limit)
{
    return roll(dice) % limit;
}

static bool happens(struct fault_dice *dice, const struct fault_plan *plan, enum fault_key key)
{
    return roll_below(dice, (uint64_t)100 * FAULT_MILLIONTHS) < plan->values[key];
}

/* Latency, give or take the jitter; nothing comes before its time. */
static int64_t draw_delay(struct fault_dice *dice, const struct fault_plan *plan)
{
    const int64_t latency = fault_plan_time(plan, FAULT_LATENCY);
    const int64_t jitter = fault_plan_time(plan, FAULT_JITTER);
    const int64_t most = latency + jitter, width = 2 * jitter + 1;
    const int64_t delay = most - (int64_t)roll_below(dice, (uint64_t)width);
    return delay > 0 ? delay : 0;
}

struct fault_fate fault_fate_draw(struct fault_dice *dice, const struct fault_plan *plan)
{
    struct fault_fate fate = {0};
    fate.lost = happens(dice, plan, FAULT_LOSS);
    fate.duplicated = happens(dice, plan, FAULT_DUPLICATE);
    fate.reordered = happens(dice, plan, FAULT_REORDER);
    fate.corrupted = happens(dice, plan, FAULT_CORRUPT);
    fate.bit = roll(dice);
    fate.delay = draw_delay(dice, plan);
    return fate;
}
