/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/loop.h"

#include "check_main.h"

enum { LONG = 50000 /* microseconds */ };

static struct loop loop;
static struct event *event;

static void setup(void)
{
    loop_init(&loop);
}

static void teardown(void)
{
    event_free(event);
    loop_finish(&loop);
}

static void spend_cb(evutil_socket_t fd, short what, void *context)
{
    const int64_t end = loop_clock() + LONG;
    (void)fd, (void)what, (void)context;
    while (loop_clock() < end)
        continue;
}

static void command_cb(evutil_socket_t fd, short what, void *context)
{
    const struct host host = loop_host(&loop);
    const enum part part = host.enter(host.context, PART_COMMAND);
    ck_assert_int_eq(part, PART_CONSOLE);
    spend_cb(fd, what, context);
    ck_assert_int_eq(host.enter(host.context, part), PART_COMMAND);
}

static void run(event_callback_fn callback, enum loop_priority priority)
{
    event = loop_event(loop.base, -1, 0, callback, NULL, priority);
    loop_arm(event, 0);
    while (loop.turns.count == 0)
        loop_poll(&loop);
}

/* Though nobody asks what time it is. */
START_TEST(a_turn_begins_with_the_first_callback)
{
    run(spend_cb, LOOP_OPERATOR);
    ck_assert_uint_ge(loop.turns.longest, LONG);
    ck_assert_uint_eq(loop.turns.longest_in, PART_CONSOLE);
}
END_TEST

START_TEST(what_a_peer_takes_is_the_peers)
{
    run(spend_cb, LOOP_PEERS);
    ck_assert_uint_ge(loop.turns.longest, LONG);
    ck_assert_uint_eq(loop.turns.longest_in, PART_PEERS);
}
END_TEST

START_TEST(a_part_may_be_entered_within)
{
    run(command_cb, LOOP_OPERATOR);
    ck_assert_uint_eq(loop.turns.longest_in, PART_COMMAND);
}
END_TEST

static void free_cb(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what, (void)context;
    event_free(event);
    event = loop_event(loop.base, -1, 0, spend_cb, NULL, LOOP_PEERS);
}

START_TEST(an_event_may_be_freed_by_its_callback)
{
    run(free_cb, LOOP_OPERATOR);
}
END_TEST

START_TEST(belongs_to_who_is_told)
{
    event = loop_event(loop.base, -1, 0, spend_cb, NULL, LOOP_OPERATOR);
    loop_belongs(event, PART_NAMES);
    loop_arm(event, 0);
    while (loop.turns.count == 0)
        loop_poll(&loop);
    ck_assert_uint_eq(loop.turns.longest_in, PART_NAMES);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_turn_begins_with_the_first_callback,
                                  what_a_peer_takes_is_the_peers,
                                  a_part_may_be_entered_within,
                                  an_event_may_be_freed_by_its_callback,
                                  belongs_to_who_is_told,
                                  NULL};
    return check_run_with("loop", setup, teardown, tests);
}
