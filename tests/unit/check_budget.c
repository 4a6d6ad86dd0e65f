/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/budget.h"

#include <stddef.h>

#include "check_main.h"

enum { LIMIT = 8 << 20, SECOND = 1000000 };

static struct budget budget;
static unsigned passes;

static void passed(void *context)
{
    ck_assert_ptr_eq(context, &passes);
    passes++;
}

static void setup(void)
{
    passes = 0;
    budget = (struct budget){.limit = LIMIT, .passed = passed, .context = &passes};
}

static void teardown(void)
{
}

static void hold(uint64_t bytes)
{
    budget_change(&budget, budget.held, bytes);
}

START_TEST(sums)
{
    budget_change(&budget, 0, 100);
    budget_change(&budget, 0, 50);
    budget_change(&budget, 100, 70);
    ck_assert_uint_eq(budget.held, 120);
    budget_change(&budget, 70, 0);
    budget_change(&budget, 50, 0);
    ck_assert_uint_eq(budget.held, 0);
    ck_assert_uint_eq(passes, 0);
}
END_TEST

START_TEST(is_over_past_its_limit)
{
    hold(LIMIT);
    ck_assert(!budget.over);
    hold(LIMIT + 1);
    ck_assert(budget.over);
    hold(LIMIT + 2);
    ck_assert_uint_eq(passes, 1); /* said once */
}
END_TEST

START_TEST(is_never_over_without_a_limit)
{
    budget.limit = 0;
    hold(UINT64_MAX / 2);
    ck_assert(!budget.over);
    ck_assert_int_eq(budget_step(&budget, SECOND), BUDGET_GOOD);
}
END_TEST

START_TEST(nobody_has_to_go_within_the_grace)
{
    hold(LIMIT + 1);
    ck_assert_int_eq(budget_step(&budget, SECOND), BUDGET_WAIT);
    ck_assert_int_eq(budget_step(&budget, 2 * SECOND - 1), BUDGET_WAIT);
    ck_assert_int_eq(budget_step(&budget, 2 * SECOND), BUDGET_CLOSE);
    ck_assert_int_eq(budget_step(&budget, 2 * SECOND), BUDGET_CLOSE);
}
END_TEST

START_TEST(is_good_once_an_eighth_is_free)
{
    hold(LIMIT + 1);
    ck_assert_uint_eq(budget_excess(&budget), LIMIT / 8 + 1);
    hold(LIMIT - LIMIT / 8 + 1);
    ck_assert_uint_eq(budget_excess(&budget), 1);
    ck_assert_int_eq(budget_step(&budget, SECOND), BUDGET_WAIT);
    hold(LIMIT - LIMIT / 8);
    ck_assert_int_eq(budget_step(&budget, SECOND), BUDGET_GOOD);
    ck_assert(!budget.over);
    hold(LIMIT + 1); /* a new grace */
    ck_assert_uint_eq(passes, 2);
    ck_assert_int_eq(budget_step(&budget, 5 * SECOND), BUDGET_WAIT);
}
END_TEST

START_TEST(far_past_it_nobody_waits)
{
    hold(LIMIT + LIMIT / 8);
    ck_assert_int_eq(budget_step(&budget, SECOND), BUDGET_WAIT);
    hold(LIMIT + LIMIT / 8 + 1);
    ck_assert_uint_eq(passes, 2);
    ck_assert_int_eq(budget_step(&budget, SECOND), BUDGET_CLOSE);
    hold(LIMIT);
    ck_assert_int_eq(budget_step(&budget, SECOND), BUDGET_WAIT);
    hold(2 * LIMIT);
    ck_assert_uint_eq(passes, 3);
}
END_TEST

START_TEST(no_memory_is_over_whatever_the_limit)
{
    budget.limit = 0;
    hold(1000);
    budget_set_out(&budget, true);
    ck_assert_uint_eq(passes, 1);
    ck_assert_int_eq(budget_step(&budget, SECOND), BUDGET_CLOSE); /* at once */
    ck_assert_uint_eq(budget_excess(&budget), 1000);
    hold(0);
    ck_assert_int_eq(budget_step(&budget, SECOND), BUDGET_WAIT); /* nobody to blame */
    ck_assert(budget.over);
    budget_set_out(&budget, false);
    ck_assert_int_eq(budget_step(&budget, SECOND), BUDGET_GOOD);
}
END_TEST

START_TEST(a_lower_limit_counts_at_once)
{
    hold(LIMIT);
    budget_set_limit(&budget, LIMIT / 2);
    ck_assert_uint_eq(passes, 1);
    budget_set_limit(&budget, 0);
    ck_assert_int_eq(budget_step(&budget, SECOND), BUDGET_GOOD);
}
END_TEST

START_TEST(shares)
{
    ck_assert_uint_eq(budget_share(&budget, 0), LIMIT);
    ck_assert_uint_eq(budget_share(&budget, 10), LIMIT / 10);
    ck_assert_uint_eq(budget_share(&budget, 100000), 64 << 10);
    budget.limit = 0;
    hold(1000 << 10);
    ck_assert_uint_eq(budget_share(&budget, 10), 100 << 10);
}
END_TEST

static void never(struct budget_holder *holder)
{
    ck_abort_msg("closed %p", (void *)holder);
}

START_TEST(holders)
{
    struct budget_holder fixed = {0}, small = {.close = never}, large = {.close = never};
    ck_assert_ptr_null(budget_greatest(&budget));
    budget_hold(&fixed, 5); /* of no budget yet */
    budget_hold(&fixed, 0);
    budget_add_holder(&budget, &fixed);
    budget_add_holder(&budget, &small);
    budget_add_holder(&budget, &large);
    budget_hold(&fixed, 1000);
    budget_hold(&small, 10);
    budget_hold(&large, 200);
    budget_hold(&large, 100);
    ck_assert_uint_eq(budget.held, 1110);
    ck_assert_ptr_eq(budget_greatest(&budget), &large);
    budget_remove_holder(&large);
    budget_remove_holder(&large);
    ck_assert_uint_eq(budget.held, 1010);
    ck_assert_ptr_eq(budget_greatest(&budget), &small);
    budget_remove_holder(&small);
    ck_assert_ptr_null(budget_greatest(&budget));
    budget_remove_holder(&fixed);
    ck_assert_uint_eq(budget.held, 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {sums,
                                  is_over_past_its_limit,
                                  is_never_over_without_a_limit,
                                  nobody_has_to_go_within_the_grace,
                                  is_good_once_an_eighth_is_free,
                                  far_past_it_nobody_waits,
                                  no_memory_is_over_whatever_the_limit,
                                  a_lower_limit_counts_at_once,
                                  shares,
                                  holders,
                                  NULL};
    return check_run_with("budget", setup, teardown, tests);
}
