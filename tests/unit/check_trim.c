/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trim.h"

#include "check_main.h"

enum { MIB = 1 << 20, NOW = 1000000 };

static struct trim trim;

static void setup(void)
{
    trim = (struct trim){0};
}

static void teardown(void)
{
}

START_TEST(is_due_some_time_after_a_flood)
{
    ck_assert(!trim_note(&trim, 100 * MIB));
    ck_assert(!trim_note(&trim, 50 * MIB));
    ck_assert(trim_note(&trim, 50 * MIB - 1));
    trim_start(&trim, NOW);
    ck_assert(!trim_note(&trim, 10 * MIB)); /* has been started */
    ck_assert(!trim_is_due(&trim, 10 * MIB, NOW + TRIM_DELAY - 1));
    ck_assert(trim_is_due(&trim, 10 * MIB, NOW + TRIM_DELAY));
    ck_assert(!trim_is_due(&trim, 10 * MIB, NOW + TRIM_DELAY));
    ck_assert_uint_eq(trim.peak, 10 * MIB);
}
END_TEST

START_TEST(is_not_due_where_the_flood_is_back)
{
    trim_note(&trim, 100 * MIB);
    ck_assert(trim_note(&trim, 0));
    trim_start(&trim, NOW);
    ck_assert(!trim_note(&trim, 90 * MIB));
    ck_assert(!trim_is_due(&trim, 90 * MIB, NOW + TRIM_DELAY));
    ck_assert(trim_note(&trim, 0)); /* the next fall counts again */
}
END_TEST

START_TEST(little_is_not_worth_it)
{
    trim_note(&trim, TRIM_WORTH - 1);
    ck_assert(!trim_note(&trim, 0));
    trim_note(&trim, TRIM_WORTH);
    ck_assert(trim_note(&trim, 0));
}
END_TEST

START_TEST(without_a_start_nothing_is_due)
{
    trim_note(&trim, 100 * MIB);
    trim_note(&trim, 0);
    ck_assert(!trim_is_due(&trim, 0, NOW + TRIM_DELAY));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {is_due_some_time_after_a_flood,
                                  is_not_due_where_the_flood_is_back, little_is_not_worth_it,
                                  without_a_start_nothing_is_due, NULL};
    return check_run_with("trim", setup, teardown, tests);
}
