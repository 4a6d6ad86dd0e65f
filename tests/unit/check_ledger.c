/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream/ledger.h"

#include "check_main.h"

static struct ledger ledger;

static void setup(void)
{
    ledger = (struct ledger){0};
}

static void say(size_t plain, size_t wire)
{
    ledger_put(&ledger, wire);
    ledger_said(&ledger, plain, wire);
}

START_TEST(a_share_is_none_only_of_nothing)
{
    ck_assert_uint_eq(ledger_share(100, 0, 120), 0);
    ck_assert_uint_eq(ledger_share(100, 1, 120), 1);
    ck_assert_uint_eq(ledger_share(100, 60, 120), 50);
    ck_assert_uint_eq(ledger_share(100, 119, 120), 100);
    ck_assert_uint_eq(ledger_share(100, 120, 120), 100);
    ck_assert_uint_eq(ledger_share(0, 5, 5), 0); /* of a farewell */
    ck_assert_uint_eq(ledger_share(100, 0, 0), 0);
}
END_TEST

START_TEST(where_nothing_was_said_nothing_is_plain)
{
    ck_assert_uint_eq(ledger_plain(&ledger, 10), 0);
    ledger_put(&ledger, 1000); /* a handshake */
    ck_assert_uint_eq(ledger_plain(&ledger, 1000), 0);
}
END_TEST

START_TEST(a_handshake_does_not_count_nor_does_a_farewell)
{
    ledger_put(&ledger, 3000);
    say(10, 32);
    ck_assert_uint_eq(ledger_plain(&ledger, 32), 10);
    ck_assert_uint_eq(ledger_plain(&ledger, 16), 5);
    ledger_put(&ledger, 24);
    ck_assert_uint_eq(ledger_plain(&ledger, 24), 0);
    ck_assert_uint_eq(ledger_plain(&ledger, 24 + 32), 10);
}
END_TEST

START_TEST(large_sums_keep_their_ratio)
{
    for (int i = 0; i < 10000; i++)
        say(1 << 20, 2 << 20);
    ck_assert_uint_eq(ledger_plain(&ledger, 1 << 20), 1 << 19);
    ck_assert_uint_le(ledger.wire, 1 << 30);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_share_is_none_only_of_nothing, where_nothing_was_said_nothing_is_plain,
        a_handshake_does_not_count_nor_does_a_farewell, large_sums_keep_their_ratio, NULL};
    return check_run_with("ledger", setup, NULL, tests);
}
