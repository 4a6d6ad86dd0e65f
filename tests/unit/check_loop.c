/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/loop.h"

#include <string.h>

#include "check_main.h"
#include "loop/timeout.h"

enum { LONG = 50000 /* microseconds */ };

static struct loop loop;
static struct timeout *timeout;

static void setup(void)
{
    loop_init(&loop);
}

static void teardown(void)
{
    timeout_destroy(timeout);
    loop_finish(&loop);
}

static void spend_cb(void *context)
{
    const int64_t end = loop_clock() + LONG;
    (void)context;
    while (loop_clock() < end)
        continue;
}

static void command_cb(void *context)
{
    const struct host host = loop_host(&loop);
    const enum part part = host.enter(host.context, PART_COMMAND);
    ck_assert_int_eq(part, PART_CONSOLE);
    spend_cb(context);
    ck_assert_int_eq(host.enter(host.context, part), PART_COMMAND);
}

static void run(void (*callback)(void *context), enum loop_priority priority, enum part part)
{
    timeout = timeout_create(&loop, priority, part, callback, NULL);
    timeout_set(timeout, 0);
    while (loop.turns.count == 0)
        loop_poll(&loop);
}

/* Though nobody asks what time it is. */
START_TEST(a_turn_begins_with_the_first_callback)
{
    run(spend_cb, LOOP_OPERATOR, PART_CONSOLE);
    ck_assert_uint_ge(loop.turns.longest, LONG);
    ck_assert_uint_eq(loop.turns.longest_in, PART_CONSOLE);
}
END_TEST

START_TEST(what_a_peer_takes_is_the_peers)
{
    run(spend_cb, LOOP_PEERS, PART_PEERS);
    ck_assert_uint_ge(loop.turns.longest, LONG);
    ck_assert_uint_eq(loop.turns.longest_in, PART_PEERS);
}
END_TEST

START_TEST(a_part_may_be_entered_within)
{
    run(command_cb, LOOP_OPERATOR, PART_CONSOLE);
    ck_assert_uint_eq(loop.turns.longest_in, PART_COMMAND);
}
END_TEST

static void free_cb(void *context)
{
    (void)context;
    timeout_destroy(timeout);
    timeout = timeout_create(&loop, LOOP_PEERS, PART_NAMES, spend_cb, NULL);
}

START_TEST(an_event_may_be_freed_by_its_callback)
{
    run(free_cb, LOOP_OPERATOR, PART_CONSOLE);
}
END_TEST

START_TEST(belongs_to_who_is_told)
{
    run(spend_cb, LOOP_OPERATOR, PART_NAMES);
    ck_assert_uint_eq(loop.turns.longest_in, PART_NAMES);
}
END_TEST

static void wall_cb(void *context)
{
    const struct host host = loop_host(&loop);
    int64_t *told = context;
    told[0] = host.wall(host.context);
    spend_cb(NULL);
    told[1] = host.wall(host.context);
}

/* Read when it is first asked, and one for all that happens in the turn. */
START_TEST(a_turn_has_one_time_of_day)
{
    int64_t told[2];
    struct timeout *asks = timeout_create(&loop, LOOP_PEERS, PART_PEERS, wall_cb, told);
    for (int64_t before = 0, turn = 0; turn < 2; turn++, before = told[1]) {
        timeout_set(asks, 0);
        for (const uint64_t turns = loop.turns.count; loop.turns.count == turns;)
            loop_poll(&loop);
        ck_assert_int_eq(told[0], told[1]);
        ck_assert_int_ge(told[0], before + (turn > 0 ? LONG : 1));
    }
    timeout_destroy(asks);
}
END_TEST

static struct alarm early, late;
static char rung[8];

static void ring_early(struct job *job)
{
    (void)job;
    rung[strlen(rung)] = 'e';
}

static void ring_late(struct job *job)
{
    (void)job;
    rung[strlen(rung)] = 'l';
    loop_stop(&loop);
}

/* Whoever asks for a later one takes nothing from who waits already, nor the other way round.
 */
START_TEST(each_alarm_has_its_time)
{
    const struct host host = loop_host(&loop);
    early = (struct alarm){.job.run = ring_early};
    late = (struct alarm){.job.run = ring_late};
    memset(rung, 0, sizeof rung);
    host.alarm(host.context, &early, 1000);
    host.alarm(host.context, &late, 20000);
    loop_run(&loop);
    host.alarm(host.context, &late, 20000);
    host.alarm(host.context, &early, 1000);
    loop_run(&loop);
    ck_assert_str_eq(rung, "elel");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_turn_begins_with_the_first_callback,
                                  what_a_peer_takes_is_the_peers,
                                  a_part_may_be_entered_within,
                                  an_event_may_be_freed_by_its_callback,
                                  belongs_to_who_is_told,
                                  a_turn_has_one_time_of_day,
                                  each_alarm_has_its_time,
                                  NULL};
    return check_run_with("loop", setup, teardown, tests);
}
