/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/seen_runs.h"

#include "check_main.h"

static struct seen_runs seen;

static void setup(void)
{
    seen = (struct seen_runs){0};
}

static void none(void)
{
}

static bool take(const char *run, uint64_t seq)
{
    return seen_runs_take(&seen, run, seq);
}

START_TEST(each_is_taken_once)
{
    for (uint64_t seq = 1; seq <= 1000; seq++)
        ck_assert(take("a", seq));
    for (uint64_t seq = 1; seq <= 1000; seq++)
        ck_assert(!take("a", seq));
    ck_assert_uint_eq(seen.runs[0].count, 1);
    ck_assert(take("a", 1001));
}
END_TEST

START_TEST(runs_are_apart)
{
    ck_assert(take("a", 5) && take("b", 5));
    ck_assert(!take("a", 5) && !take("b", 5));
}
END_TEST

START_TEST(what_comes_late_is_taken)
{
    static const uint64_t order[] = {10, 11, 14, 12, 13, 3, 1, 2, 9};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        ck_assert_msg(take("a", order[i]), "%u", (unsigned)order[i]);
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        ck_assert_msg(!take("a", order[i]), "%u", (unsigned)order[i]);
    ck_assert_uint_eq(seen.runs[0].count, 2);
    ck_assert(take("a", 4) && take("a", 8));
    ck_assert(take("a", 6) && take("a", 5) && take("a", 7));
    ck_assert_uint_eq(seen.runs[0].count, 1);
}
END_TEST

START_TEST(what_is_kept_has_a_bound)
{
    for (uint64_t seq = 1; seq <= 1000; seq++)
        ck_assert(take("a", 2 * seq));
    ck_assert_uint_le(seen.runs[0].count, SEEN_SPANS);
    ck_assert(!take("a", 3)); /* it is given up */
    ck_assert(take("a", 1999) && !take("a", 2000));
    char run[] = "a";
    for (unsigned i = 0; i < SEEN_RUNS; i++) {
        run[0]++;
        ck_assert(take(run, 1));
    }
    ck_assert_uint_eq(seen.count, SEEN_RUNS);
    ck_assert(!take("b", 1));
    ck_assert(take("a", 2));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {each_is_taken_once, runs_are_apart, what_comes_late_is_taken,
                                  what_is_kept_has_a_bound, NULL};
    return check_run_with("seen_runs", setup, none, tests);
}
