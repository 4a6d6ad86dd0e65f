/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/backoff.h"

#include "check_main.h"

static struct backoff backoff;

static void expect(int64_t pause)
{
    ck_assert_int_eq(backoff_next(&backoff), pause);
}

START_TEST(pauses_double_up_to_the_longest)
{
    backoff_init(&backoff, 250, 1500);
    expect(250);
    expect(500);
    expect(1000);
    expect(1500);
    expect(1500);
}
END_TEST

START_TEST(they_begin_anew)
{
    backoff_init(&backoff, 250, 1500);
    expect(250);
    expect(500);
    backoff_reset(&backoff);
    expect(250);
}
END_TEST

START_TEST(none_is_longer_than_the_longest)
{
    backoff_init(&backoff, 250, 100);
    expect(100);
    expect(100);
    backoff_reset(&backoff);
    expect(100);
}
END_TEST

START_TEST(they_never_overflow)
{
    backoff_init(&backoff, 1, INT64_MAX);
    for (int i = 0; i < 63; i++)
        expect((int64_t)1 << i);
    expect(INT64_MAX);
    expect(INT64_MAX);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {pauses_double_up_to_the_longest, they_begin_anew,
                                  none_is_longer_than_the_longest, they_never_overflow, NULL};
    return check_run("backoff", tests);
}
