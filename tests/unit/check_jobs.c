/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/jobs.h"

#include <stdio.h>

#include "base/host.h"
#include "base/ut.h"
#include "check_main.h"

enum { JOBS = 4 };

static struct jobs list;
static int64_t now, pace; /* microseconds: by which now goes on each time it is asked */
static enum part part;
static struct counted {
    struct job job; /* first */
    unsigned left;  /* pieces */
    struct counted *forgets;
    enum part seen; /* in which it ran */
} jobs[JOBS];
static UT_string order;

static int64_t clock_now(void *context)
{
    (void)context;
    now += pace;
    return now;
}

static enum part enter(void *context, enum part next)
{
    const enum part former = part;
    (void)context;
    part = next;
    return former;
}

static const struct host host = {.clock = clock_now, .enter = enter};

static void run(struct job *job)
{
    struct counted *counted = (struct counted *)job;
    counted->seen = part;
    utstring_printf(&order, "%d", (int)(counted - jobs));
    if (counted->forgets)
        jobs_forget(&counted->forgets->job);
    if (--counted->left > 0)
        jobs_add(&list, job);
}

static void setup(void)
{
    list = (struct jobs){0};
    now = pace = 0;
    part = PART_PEERS;
    utstring_init(&order);
    for (unsigned i = 0; i < JOBS; i++)
        jobs[i] = (struct counted){.job.run = run, .left = 1};
}

static void teardown(void)
{
    utstring_done(&order);
}

static void ask(unsigned first, unsigned count)
{
    for (unsigned i = first; i < first + count; i++)
        jobs_add(&list, &jobs[i].job);
}

static void check_turn(const char *expected)
{
    jobs_run(&list, &host);
    ck_assert_str_eq(utstring_body(&order), expected);
    utstring_clear(&order);
}

START_TEST(gives_each_one_piece_a_turn)
{
    jobs[0].left = 3;
    jobs[1].left = 2;
    ask(0, 3);
    check_turn("012");
    check_turn("01");
    check_turn("0");
    check_turn("");
    ck_assert_ptr_null(list.first);
}
END_TEST

START_TEST(runs_once_however_often_it_is_asked)
{
    ask(0, 1);
    ask(0, 1);
    check_turn("0");
    check_turn("");
}
END_TEST

START_TEST(goes_on_in_the_next_turn_where_the_time_is_over)
{
    pace = JOBS_SLICE / 2;
    jobs[0].left = 2;
    ask(0, JOBS);
    check_turn("01");
    check_turn("23"); /* those that have waited longest */
    check_turn("0");
    ck_assert_ptr_null(list.first);
}
END_TEST

START_TEST(runs_one_at_least)
{
    pace = 2 * JOBS_SLICE;
    ask(0, 2);
    check_turn("0");
    check_turn("1");
}
END_TEST

START_TEST(forgets_those_that_are_gone)
{
    jobs[1].forgets = &jobs[3];
    ask(0, JOBS);
    jobs_forget(&jobs[0].job);
    check_turn("12");
    jobs_forget(&jobs[0].job);
    check_turn("");
}
END_TEST

START_TEST(one_that_is_forgotten_in_the_middle_of_its_pieces_stays_so)
{
    jobs[0].left = jobs[1].left = 3;
    ask(0, 2);
    check_turn("01");
    jobs_forget(&jobs[0].job);
    check_turn("1");
    ask(0, 1);
    check_turn("10");
}
END_TEST

START_TEST(each_runs_in_its_part)
{
    jobs[0].job.part = PART_FILES;
    part = PART_NAMES;
    ask(0, 2);
    check_turn("01");
    ck_assert_int_eq(jobs[0].seen, PART_FILES);
    ck_assert_int_eq(jobs[1].seen, PART_PEERS);
    ck_assert_int_eq(part, PART_NAMES);
}
END_TEST

START_TEST(all_are_run_to_their_last_piece_where_that_is_wanted)
{
    pace = 2 * JOBS_SLICE;
    jobs[0].left = 3;
    jobs[1].forgets = &jobs[2];
    ask(0, 3);
    jobs_run_all(&list, &host);
    ck_assert_str_eq(utstring_body(&order), "0100");
    ck_assert_ptr_null(list.first);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {gives_each_one_piece_a_turn,
                                  runs_once_however_often_it_is_asked,
                                  goes_on_in_the_next_turn_where_the_time_is_over,
                                  runs_one_at_least,
                                  forgets_those_that_are_gone,
                                  one_that_is_forgotten_in_the_middle_of_its_pieces_stays_so,
                                  each_runs_in_its_part,
                                  all_are_run_to_their_last_piece_where_that_is_wanted,
                                  NULL};
    return check_run_with("jobs", setup, teardown, tests);
}
