/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/refusals.h"

#include <stdio.h>

#include "check_main.h"
#include "core/listener.h"
#include "fake.h"

static struct fake world;
static struct listener *door;
static uint64_t told, counted, kinds[REFUSALS];
static char last[64], last_error[64];

static void notice(struct observer *observer, const struct hub_event *event)
{
    (void)observer;
    told++;
    counted += event->refused.count;
    kinds[event->refused.why] += event->refused.count;
    snprintf(last, sizeof last, "%s", event->refused.remote);
    snprintf(last_error, sizeof last_error, "%s",
             event->refused.error ? event->refused.error : "");
    ck_assert_ptr_eq(event->listener, door);
}

static struct observer observer = {.notice = notice, .wants = OBSERVER_WANTS(HUB_REFUSED)};

static void setup(void)
{
    fake_init(&world);
    door = fake_listen(&world, "tcp://127.0.0.1:1");
    audience_join(&world.hub.audience, &observer);
}

static void teardown(void)
{
    fake_finish(&world);
}

START_TEST(the_first_is_told_at_once)
{
    hub_refused(&world.hub, &door->origin, "10.0.0.1:5", REFUSED_LIMIT, NULL);
    ck_assert_uint_eq(told, 1);
    ck_assert_uint_eq(counted, 1);
    ck_assert_str_eq(last, "10.0.0.1:5");
    ck_assert_uint_eq(world.hub.stats.refused_limit, 1);
}
END_TEST

START_TEST(the_last_of_them_says_why)
{
    hub_refused(&world.hub, &door->origin, "a", REFUSED_HANDSHAKE, "no hello");
    ck_assert_str_eq(last_error, "no hello");
    hub_refused(&world.hub, &door->origin, "b", REFUSED_HANDSHAKE, "no certificate");
    hub_refused(&world.hub, &door->origin, "c", REFUSED_HANDSHAKE, "too late");
    world.now += 1000000;
    fake_ring(&world);
    ck_assert_str_eq(last, "c");
    ck_assert_str_eq(last_error, "too late");
    ck_assert_uint_eq(world.hub.stats.refused_handshake, 3);
    hub_refused(&world.hub, &door->origin, "d", REFUSED_ACCESS, NULL);
    ck_assert_str_eq(last_error, "");
}
END_TEST

START_TEST(the_rest_of_a_second_is_told_together)
{
    for (int i = 0; i < 5; i++)
        hub_refused(&world.hub, &door->origin, i == 4 ? "last" : "other", REFUSED_ACCESS, NULL);
    ck_assert_uint_eq(told, 1);
    ck_assert_int_eq(world.alarm, 1000000);
    world.now += 999999;
    fake_ring(&world);
    ck_assert_uint_eq(told, 1);
    world.now += 1;
    fake_ring(&world);
    ck_assert_uint_eq(told, 2);
    ck_assert_uint_eq(counted, 5);
    ck_assert_str_eq(last, "last");
    ck_assert_uint_eq(world.hub.stats.refused_access, 5);
}
END_TEST

START_TEST(each_reason_has_its_own_second)
{
    hub_refused(&world.hub, &door->origin, "a", REFUSED_ACCESS, NULL);
    hub_refused(&world.hub, &door->origin, "b", REFUSED_LIMIT, NULL);
    ck_assert_uint_eq(told, 2);
}
END_TEST

static void refuse(enum refusal why, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        hub_refused(&world.hub, &door->origin, "a", why, NULL);
}

START_TEST(the_alarm_is_for_the_soonest)
{
    refuse(REFUSED_ACCESS, 2);
    world.now += 300000;
    refuse(REFUSED_LIMIT, 2);
    ck_assert_int_eq(world.alarm, 700000);
    world.now += 700000;
    fake_ring(&world);
    ck_assert_uint_eq(kinds[REFUSED_ACCESS], 2);
    ck_assert_uint_eq(kinds[REFUSED_LIMIT], 1);
    ck_assert_int_eq(world.alarm, 300000);
    world.now += 300000;
    world.alarm = 0;
    fake_ring(&world);
    ck_assert_uint_eq(kinds[REFUSED_LIMIT], 2);
    ck_assert_uint_eq(told, 4);
    ck_assert_int_eq(world.alarm, 0);
}
END_TEST

START_TEST(a_second_without_refusals_is_not_waited_for)
{
    refuse(REFUSED_LIMIT, 1);
    ck_assert_int_eq(world.alarm, 0);
    world.now += 1000000;
    refuse(REFUSED_LIMIT, 1);
    ck_assert_uint_eq(told, 2);
    ck_assert_int_eq(world.alarm, 0);
}
END_TEST

/* Where the alarm is late, whoever comes next is told with those that wait. */
START_TEST(a_late_alarm_delays_no_one)
{
    refuse(REFUSED_LIMIT, 3);
    world.now += 1000001;
    refuse(REFUSED_LIMIT, 1);
    ck_assert_uint_eq(told, 2);
    ck_assert_uint_eq(counted, 4);
}
END_TEST

START_TEST(nothing_is_left_untold_at_the_end)
{
    refuse(REFUSED_ACCESS, 2);
    refuse(REFUSED_LIMIT, 4);
    refusals_flush(&world.hub);
    ck_assert_uint_eq(told, 4);
    ck_assert_uint_eq(kinds[REFUSED_ACCESS], 2);
    ck_assert_uint_eq(kinds[REFUSED_LIMIT], 4);
    refusals_flush(&world.hub); /* told is told */
    ck_assert_uint_eq(told, 4);
    refuse(REFUSED_ACCESS, 1);
    refusals_flush(&world.hub); /* and what has none is not */
    ck_assert_uint_eq(told, 5);
}
END_TEST

START_TEST(the_hubs_end_is_the_end)
{
    refuse(REFUSED_ACCESS, 2);
    hub_shutdown(&world.hub);
    ck_assert_uint_eq(told, 2);
    ck_assert_uint_eq(counted, 2);
}
END_TEST

START_TEST(the_listener_is_held_until_told)
{
    unsigned references = door->origin.references;
    refuse(REFUSED_LIMIT, 1);
    ck_assert_uint_eq(door->origin.references, references);
    refuse(REFUSED_LIMIT, 2);
    ck_assert_uint_eq(door->origin.references, references + 1);
    refusals_flush(&world.hub);
    ck_assert_uint_eq(door->origin.references, references);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_first_is_told_at_once,
                                  the_last_of_them_says_why,
                                  the_rest_of_a_second_is_told_together,
                                  each_reason_has_its_own_second,
                                  the_alarm_is_for_the_soonest,
                                  a_second_without_refusals_is_not_waited_for,
                                  a_late_alarm_delays_no_one,
                                  nothing_is_left_untold_at_the_end,
                                  the_hubs_end_is_the_end,
                                  the_listener_is_held_until_told,
                                  NULL};
    return check_run_with("refusals", setup, teardown, tests);
}
