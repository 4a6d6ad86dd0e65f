/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/pace.h"

#include "check_main.h"
#include "telex-bench/client.h"
#include "telex-bench/mode.h"

enum { CLIENTS = 3, MOST = 100, MILLISECOND = 1000000 };

/* What was begun, in order. */
static struct {
    uint32_t client;
    int64_t due;
} begun[MOST];
static size_t count;
static size_t flushed;

static void fake_begin(struct client *client, int64_t due)
{
    ck_assert_uint_lt(count, MOST);
    begun[count].client = client->number;
    begun[count].due = due;
    count++;
}

static void fake_flush(struct client *client, int64_t now)
{
    (void)client;
    (void)now;
    flushed++;
}

static const struct mode fake_mode = {.begin = fake_begin, .flush = fake_flush};

static struct client clients[CLIENTS];
static struct pace pace;

static void setup(void)
{
    count = flushed = 0;
    for (uint32_t i = 0; i < CLIENTS; i++)
        clients[i] = (struct client){.number = i};
}

static void start(uint64_t rate)
{
    pace_init(&pace, &fake_mode, rate);
    pace_start(&pace, 0);
}

static void check_begun(size_t index, uint32_t client, int64_t due)
{
    ck_assert_uint_lt(index, count);
    ck_assert_uint_eq(begun[index].client, client);
    ck_assert_int_eq(begun[index].due, due);
}

START_TEST(without_a_rate_all_begin_at_once)
{
    start(0);
    pace_offer(&pace, &clients[0], 2, 5);
    ck_assert_uint_eq(count, 2);
    check_begun(0, 0, 5);
    check_begun(1, 0, 5);
    ck_assert_uint_eq(flushed, 0);
    ck_assert_int_eq(pace_next(&pace), INT64_MAX);
}
END_TEST

START_TEST(with_a_rate_they_begin_evenly_and_in_turn)
{
    start(1000);
    for (size_t i = 0; i < CLIENTS; i++)
        pace_offer(&pace, &clients[i], 2, 0);
    ck_assert_uint_eq(count, 0);
    ck_assert_int_eq(pace_next(&pace), 0);
    for (int64_t i = 0; i < 6; i++) {
        pace_turn(&pace, i * MILLISECOND);
        ck_assert_uint_eq(count, (size_t)i + 1);
        check_begun((size_t)i, (uint32_t)i % CLIENTS, i * MILLISECOND);
        ck_assert_int_eq(pace_next(&pace), i < 5 ? (i + 1) * MILLISECOND : INT64_MAX);
    }
    ck_assert_uint_eq(flushed, 6);
}
END_TEST

/* The schedule does not slip when a turn is late. */
START_TEST(what_a_late_turn_begins_was_due_earlier)
{
    start(1000);
    pace_offer(&pace, &clients[0], 10, 0);
    pace_turn(&pace, 3 * MILLISECOND + 1);
    ck_assert_uint_eq(count, 4);
    for (int64_t i = 0; i < 4; i++)
        check_begun((size_t)i, 0, i * MILLISECOND);
}
END_TEST

/* A server that stalls is told of all that it kept waiting: no coordinated omission. */
START_TEST(what_nobody_was_free_for_was_due_earlier)
{
    start(1000);
    pace_offer(&pace, &clients[0], 1, 0);
    pace_turn(&pace, 0);
    pace_turn(&pace, 50 * MILLISECOND);
    ck_assert_uint_eq(count, 1);
    pace_offer(&pace, &clients[0], 1, 50 * MILLISECOND);
    pace_turn(&pace, 50 * MILLISECOND);
    check_begun(1, 0, 1 * MILLISECOND);
    pace_offer(&pace, &clients[1], 1, 50 * MILLISECOND);
    ck_assert_int_eq(pace_next(&pace), 2 * MILLISECOND);
    pace_turn(&pace, 50 * MILLISECOND);
    check_begun(2, 1, 2 * MILLISECOND);
}
END_TEST

START_TEST(no_rate_drifts)
{
    start(3);
    pace_offer(&pace, &clients[0], 10, 0);
    pace_turn(&pace, INT64_C(3) * 1000 * MILLISECOND);
    ck_assert_uint_eq(count, 10);
    check_begun(1, 0, 333333333);
    check_begun(2, 0, 666666666);
    check_begun(9, 0, INT64_C(3) * 1000 * MILLISECOND);
}
END_TEST

START_TEST(what_nobody_was_free_for_is_overdue)
{
    start(1000);
    ck_assert_uint_eq(pace_overdue(&pace, 0), 1);
    pace_offer(&pace, &clients[0], 1, 0);
    pace_turn(&pace, 0);
    ck_assert_uint_eq(pace_overdue(&pace, 0), 0);
    ck_assert_uint_eq(pace_overdue(&pace, 1 * MILLISECOND), 1);
    ck_assert_uint_eq(pace_overdue(&pace, 50 * MILLISECOND + 1), 50);
    start(0);
    ck_assert_uint_eq(pace_overdue(&pace, 50 * MILLISECOND), 0);
}
END_TEST

START_TEST(the_dead_have_no_turn)
{
    start(1000);
    pace_offer(&pace, &clients[0], 1, 0);
    pace_offer(&pace, &clients[1], 1, 0);
    clients[0].dead = true;
    pace_turn(&pace, 0);
    ck_assert_uint_eq(count, 1);
    check_begun(0, 1, 0);
}
END_TEST

START_TEST(nothing_begins_after_the_end)
{
    start(1000);
    pace_offer(&pace, &clients[0], 5, 0);
    pace_stop(&pace);
    pace_turn(&pace, 100 * MILLISECOND);
    ck_assert_int_eq(pace_next(&pace), INT64_MAX);
    start(0);
    pace_stop(&pace);
    pace_offer(&pace, &clients[0], 5, 0);
    ck_assert_uint_eq(count, 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {without_a_rate_all_begin_at_once,
                                  with_a_rate_they_begin_evenly_and_in_turn,
                                  what_a_late_turn_begins_was_due_earlier,
                                  what_nobody_was_free_for_was_due_earlier,
                                  no_rate_drifts,
                                  what_nobody_was_free_for_is_overdue,
                                  the_dead_have_no_turn,
                                  nothing_begins_after_the_end,
                                  NULL};
    return check_run_with("pace", setup, NULL, tests);
}
