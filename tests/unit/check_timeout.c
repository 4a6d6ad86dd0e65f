/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/timeout.h"

#include "check_main.h"

enum { SHORT = 20000 /* microseconds */, MANY = 12 };

static struct loop loop;
static struct timeout *timeout;
static unsigned fired;

static void fired_cb(void *context)
{
    ck_assert_ptr_eq(context, &fired);
    fired++;
}

static void setup(void)
{
    loop_init(&loop);
    timeout = timeout_create(&loop, LOOP_OPERATOR, PART_NAMES, fired_cb, &fired);
    fired = 0;
}

static void teardown(void)
{
    timeout_destroy(timeout);
    timeout_destroy(NULL);
    loop_finish(&loop);
}

static void run_for(int64_t microseconds)
{
    for (int64_t end = loop_clock() + microseconds; loop_clock() < end;)
        loop_poll(&loop);
}

START_TEST(does_nothing_until_it_is_set)
{
    ck_assert(!timeout_is_set(timeout));
    run_for(SHORT);
    ck_assert_uint_eq(fired, 0);
}
END_TEST

START_TEST(fires_once)
{
    timeout_set(timeout, 0);
    ck_assert(timeout_is_set(timeout));
    run_for(SHORT);
    ck_assert_uint_eq(fired, 1);
    ck_assert(!timeout_is_set(timeout));
}
END_TEST

START_TEST(fires_at_once_where_its_time_is_past)
{
    timeout_set(timeout, -5);
    run_for(SHORT);
    ck_assert_uint_eq(fired, 1);
}
END_TEST

START_TEST(waits_for_its_time)
{
    const int64_t began = loop_clock();
    timeout_set(timeout, 2 * SHORT);
    while (fired == 0)
        loop_poll(&loop);
    ck_assert_int_ge(loop_clock() - began, SHORT); /* it counts from the turn's beginning */
}
END_TEST

START_TEST(the_last_time_that_was_set_counts)
{
    timeout_set(timeout, INT64_C(3600000000));
    timeout_set(timeout, 0);
    run_for(SHORT);
    ck_assert_uint_eq(fired, 1);
    timeout_set(timeout, 0);
    timeout_set(timeout, INT64_C(3600000000));
    run_for(SHORT);
    ck_assert_uint_eq(fired, 1);
}
END_TEST

START_TEST(start_leaves_one_that_is_set_alone)
{
    timeout_start(timeout, INT64_C(3600000000));
    timeout_start(timeout, 0);
    run_for(SHORT);
    ck_assert_uint_eq(fired, 0);
}
END_TEST

START_TEST(one_that_is_stopped_does_not_fire)
{
    timeout_set(timeout, 0);
    timeout_stop(timeout);
    ck_assert(!timeout_is_set(timeout));
    run_for(SHORT);
    ck_assert_uint_eq(fired, 0);
}
END_TEST

static void destroy_cb(void *context)
{
    (void)context;
    timeout_destroy(timeout);
    timeout = NULL;
    fired++;
}

START_TEST(may_be_destroyed_by_what_it_calls)
{
    timeout_destroy(timeout);
    timeout = timeout_create(&loop, LOOP_PEERS, PART_PEERS, destroy_cb, NULL);
    timeout_set(timeout, 0);
    run_for(SHORT);
    ck_assert_uint_eq(fired, 1);
}
END_TEST

static struct timeout *many[MANY];
static unsigned turns[MANY + 1]; /* how many fired in each */

/* 2 ms, of the 3 that a turn has. The first ends two others, which are due already. */
static void spend_cb(void *context)
{
    const int64_t end = loop_clock() + SHORT / 10;
    turns[loop.turns.count < MANY ? loop.turns.count : MANY]++;
    if (fired++ == 0) {
        timeout_stop(many[MANY - 1]);
        ck_assert(!timeout_is_set(many[MANY - 1]));
        timeout_destroy(many[MANY - 2]);
        many[MANY - 2] = NULL;
    }
    ck_assert_ptr_eq(context, &fired);
    while (loop_clock() < end)
        continue;
}

START_TEST(many_share_the_turns)
{
    for (int i = 0; i < MANY; i++) {
        many[i] = timeout_create_of_many(&loop, PART_PEERS, spend_cb, &fired);
        timeout_set(many[i], 0);
        ck_assert(timeout_is_set(many[i]));
    }
    while (fired < MANY - 2)
        loop_poll(&loop);
    run_for(SHORT);
    ck_assert_uint_eq(fired, MANY - 2);
    for (int i = 0; i < MANY; i++) {
        ck_assert_uint_le(turns[i], 2);
        timeout_destroy(many[i]);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {many_share_the_turns,
                                  does_nothing_until_it_is_set,
                                  fires_once,
                                  fires_at_once_where_its_time_is_past,
                                  waits_for_its_time,
                                  the_last_time_that_was_set_counts,
                                  start_leaves_one_that_is_set_alone,
                                  one_that_is_stopped_does_not_fire,
                                  may_be_destroyed_by_what_it_calls,
                                  NULL};
    return check_run_with("timeout", setup, teardown, tests);
}
