/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jobs; check_transfer has the files. */
#include "base/job.h"

#include "check_main.h"
#include "fake.h"

enum { JOBS = 4 };

static struct fake world;
static struct counted {
    struct job job; /* first */
    unsigned left;  /* pieces */
    struct counted *forgets;
} jobs[JOBS];
static UT_string order;

static void run(struct job *job)
{
    struct counted *counted = (struct counted *)job;
    utstring_printf(&order, "%d", (int)(counted - jobs));
    if (counted->forgets)
        hub_forget_job(&world.hub, &counted->forgets->job);
    if (--counted->left > 0)
        hub_later(&world.hub, job);
}

static void setup(void)
{
    fake_init(&world);
    utstring_init(&order);
    for (unsigned i = 0; i < JOBS; i++)
        jobs[i] = (struct counted){.job.run = run, .left = 1};
}

static void teardown(void)
{
    utstring_done(&order);
    fake_finish(&world);
}

static void ask(unsigned first, unsigned count)
{
    for (unsigned i = first; i < first + count; i++)
        hub_later(&world.hub, &jobs[i].job);
}

static void check_turn(const char *expected)
{
    fake_turn(&world);
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
    ck_assert_uint_eq(world.laters, 0);
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
    world.pace = JOBS_SLICE / 2;
    jobs[0].left = 2;
    ask(0, JOBS);
    check_turn("01");
    check_turn("23"); /* those that have waited longest */
    check_turn("0");
    ck_assert_uint_eq(world.laters, 0);
}
END_TEST

START_TEST(runs_one_at_least)
{
    world.pace = 2 * JOBS_SLICE;
    ask(0, 2);
    check_turn("0");
    check_turn("1");
}
END_TEST

START_TEST(forgets_those_that_are_gone)
{
    jobs[1].forgets = &jobs[3];
    ask(0, JOBS);
    hub_forget_job(&world.hub, &jobs[0].job);
    check_turn("12");
    hub_forget_job(&world.hub, &jobs[0].job);
    check_turn("");
}
END_TEST

START_TEST(one_that_is_forgotten_in_the_middle_of_its_pieces_stays_so)
{
    jobs[0].left = jobs[1].left = 3;
    ask(0, 2);
    check_turn("01");
    hub_forget_job(&world.hub, &jobs[0].job);
    check_turn("1");
    ask(0, 1);
    check_turn("10");
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
                                  NULL};
    return check_run_with("hub_later", setup, teardown, tests);
}
