/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of those who make the hub hold too much. */
#include <stdbool.h>
#include <string.h>

#include "check_main.h"
#include "core/hub.h"
#include "core/hub_parts.h"
#include "fake_hub.h"

enum { LIMIT = 16 << 20, PEERS = 100, KIB = 1 << 10 };

static struct peer *peers[PEERS];
static bool over;
static struct observer closes;

static void heed(void *context)
{
    const struct hub *told = context;
    over = told->budget.over;
}

static void give_back(struct observer *observer, const struct hub_event *event)
{
    (void)observer;
    budget_change(&hub->budget, event->peer->held, 0);
}

static void setup(void)
{
    setup_world();
    closes = (struct observer){.notice = give_back, .wants = OBSERVER_WANTS(HUB_CLOSE)};
    audience_join(&hub->audience, &closes);
    hub->on_memory = heed;
    hub->on_memory_context = hub;
    over = false;
    budget_set_limit(&hub->budget, LIMIT);
    struct listener *listener = fake_listen(&world, "tcp://127.0.0.1:1");
    for (int i = 0; i < PEERS; i++)
        peers[i] = fake_peer(&world, listener)->link.peer;
    fake_take(&world);
}

static void teardown(void)
{
    audience_leave(&hub->audience, &closes);
    teardown_world();
}

/* As links do it. */
static void hold(struct peer *peer, uint64_t bytes)
{
    budget_change(&hub->budget, peer->held, bytes);
    hub_holds(hub, peer, bytes);
}

/* A second goes by, and what is due then is done. */
static void pass_second(void)
{
    ck_assert_int_gt(world.alarm, 0);
    ck_assert_int_le(world.alarm, 1000000);
    world.now += world.alarm;
    world.alarm = 0;
    fake_ring(&world);
    while (world.laters > 0 || world.defers > 0)
        fake_turn(&world);
}

static unsigned count(const char *words)
{
    unsigned found = 0;
    for (const char *at = fake_take(&world); (at = strstr(at, words)); at++)
        found++;
    return found;
}

START_TEST(within_the_budget_nothing_happens)
{
    for (int i = 0; i < PEERS; i++)
        hold(peers[i], LIMIT / PEERS);
    ck_assert_uint_eq(world.laters, 0);
    ck_assert_uint_eq(peers[0]->pauses, 0);
    ck_assert_uint_eq(hub->budget.held, LIMIT / PEERS * PEERS);
}
END_TEST

START_TEST(past_it_who_holds_much_is_not_read)
{
    for (int i = 0; i < PEERS; i++)
        hold(peers[i], i < 80 ? 200 * KIB : 60 * KIB);
    ck_assert(hub->budget.over);
    fake_turn(&world);
    ck_assert(over);
    ck_assert_uint_eq(peers[0]->pauses, LINK_PAUSE_MEMORY);
    ck_assert_uint_eq(peers[99]->pauses, 0);
    hold(peers[99], 200 * KIB); /* from now on at once */
    ck_assert_uint_eq(peers[99]->pauses, LINK_PAUSE_MEMORY);
    hold(peers[99], 10);
    ck_assert_uint_eq(peers[99]->pauses, 0);
    for (int i = 0; i < PEERS; i++)
        hold(peers[i], 0);
    pass_second();
    ck_assert(!over);
    ck_assert_uint_eq(peers[0]->pauses, 0);
    ck_assert_uint_eq(count("close"), 0);
}
END_TEST

START_TEST(after_a_second_who_holds_most_is_closed)
{
    for (int i = 0; i < PEERS; i++)
        hold(peers[i], 150 * KIB);
    hold(peers[7], 400 * KIB);
    hold(peers[5], 2000 * KIB);
    fake_turn(&world);
    ck_assert_uint_eq(count("close"), 0);
    hold(peers[9], 1000 * KIB);
    pass_second();
    const char *told = fake_take(&world);
    /* 17,950 KiB were held, 14,336 may be: the three greatest, and two of the others. */
    ck_assert_ptr_nonnull(
        strstr(told, "close #6 error received 0 sent 0 unsent 0 error memory"));
    ck_assert_ptr_nonnull(strstr(told, "close #10 error"));
    ck_assert_ptr_nonnull(strstr(told, "close #8 error"));
    ck_assert_ptr_null(strstr(told, "close #3 "));
    ck_assert_ptr_null(strstr(told, "close #100 "));
    ck_assert_uint_le(hub->budget.held, LIMIT - LIMIT / 8);
    ck_assert_uint_gt(hub->budget.held, LIMIT - LIMIT / 8 - 150 * KIB);
    ck_assert(!over);
    ck_assert_int_eq(world.alarm, 0);
}
END_TEST

START_TEST(far_past_it_nobody_waits)
{
    for (int i = 0; i < PEERS; i++)
        hold(peers[i], i < 95 ? 200 * KIB : 0);
    fake_turn(&world);
    ck_assert_uint_ge(count("close"), 1);
}
END_TEST

static struct budget_holder console;
static unsigned closed;

static void close_console(struct budget_holder *holder)
{
    closed++;
    budget_remove_holder(holder);
}

START_TEST(a_console_that_holds_most_goes_first)
{
    console = (struct budget_holder){.close = close_console};
    closed = 0;
    budget_add_holder(&hub->budget, &console);
    for (int i = 0; i < PEERS; i++)
        hold(peers[i], 140 * KIB);
    budget_hold(&console, 3000 * KIB);
    fake_turn(&world);
    ck_assert_uint_eq(closed, 0);
    pass_second();
    ck_assert_uint_eq(closed, 1);
    ck_assert_uint_eq(count("close"), 0);
    ck_assert(!over);
}
END_TEST

START_TEST(without_memory_nobody_is_read)
{
    budget_set_out(&hub->budget, true);
    hold(peers[0], 10);
    ck_assert_uint_eq(peers[0]->pauses, LINK_PAUSE_MEMORY);
    fake_turn(&world); /* there is some */
    ck_assert_uint_eq(peers[0]->pauses, 0);
}
END_TEST

/* Where memory itself has run out and is there again, nobody has to go. */
START_TEST(memory_that_is_back_costs_nobody)
{
    hold(peers[0], 5000 * KIB);
    hub_memory_short(hub);
    ck_assert(hub->budget.over);
    fake_turn(&world);
    ck_assert_uint_eq(count("close"), 0);
    ck_assert(!over);
    ck_assert(!hub->budget.over);
}
END_TEST

/* The alarm for it outlives one that was asked for something sooner. */
START_TEST(what_a_flood_has_left_is_given_back)
{
    hold(peers[0], 8192 * KIB);
    ck_assert_int_eq(world.alarm, 0);
    hold(peers[0], 0);
    ck_assert_int_eq(world.alarm, TRIM_DELAY);
    hub_alarm(hub, 1000000);
    pass_second();
    ck_assert_int_eq(world.alarm, TRIM_DELAY - 1000000);
    ck_assert_uint_ge(hub->trim.peak, 8192 * KIB);
    world.now += TRIM_DELAY - 1000000;
    world.alarm = 0;
    fake_ring(&world);
    ck_assert_int_eq(world.alarm, 0);
    ck_assert_uint_eq(hub->trim.peak, PEERS * KIB);
    world.pace = JOBS_SLICE / 2; /* a turn has time for one step */
    fake_turn(&world);
    ck_assert_ptr_nonnull(hub->trim.freed.end);
    while (hub->trim.freed.end)
        fake_turn(&world);
    ck_assert_ptr_null(hub->trim.job.list);
}
END_TEST

START_TEST(what_is_being_given_back_is_there_where_memory_runs_out)
{
    hold(peers[0], 8192 * KIB);
    hold(peers[0], 0);
    world.now += TRIM_DELAY;
    fake_ring(&world);
    world.pace = JOBS_SLICE / 2;
    fake_turn(&world);
    ck_assert_ptr_nonnull(hub->trim.freed.end);
    hub_memory_short(hub);
    ck_assert_ptr_null(hub->trim.freed.taken);
}
END_TEST

START_TEST(what_the_dead_held_counts)
{
    hold(peers[0], 8192 * KIB);
    hub_detach(hub, peers[0], CLOSE_EOF, NULL);
    ck_assert_int_eq(world.alarm, 0); /* not freed yet */
    fake_turn(&world);
    ck_assert_int_eq(world.alarm, TRIM_DELAY);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {within_the_budget_nothing_happens,
                                  past_it_who_holds_much_is_not_read,
                                  after_a_second_who_holds_most_is_closed,
                                  far_past_it_nobody_waits,
                                  a_console_that_holds_most_goes_first,
                                  without_memory_nobody_is_read,
                                  memory_that_is_back_costs_nobody,
                                  what_a_flood_has_left_is_given_back,
                                  what_is_being_given_back_is_there_where_memory_runs_out,
                                  what_the_dead_held_counts,
                                  NULL};
    return check_run_with("hub_memory", setup, teardown, tests);
}
