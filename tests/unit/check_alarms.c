/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/alarms.h"

#include <string.h>

#include "base/host.h"
#include "base/ut.h"
#include "check_main.h"

/* An alarm that writes its name when it rings, and then sets or forgets another. */
struct bell {
    struct alarm alarm; /* first */
    char name;
    struct bell *sets;
    struct bell *forgets;
};

static struct alarms alarms;
static UT_string rung;

static int64_t no_time(void *context)
{
    (void)context;
    return 0;
}

static enum part no_part(void *context, enum part part)
{
    (void)context;
    return part;
}

static const struct host host = {.now = no_time, .clock = no_time, .enter = no_part};

static void ring_bell(struct job *job)
{
    const struct bell *bell = (struct bell *)job;
    utstring_printf(&rung, "%c", bell->name);
    if (bell->sets)
        alarms_set(&alarms, &bell->sets->alarm, 0);
    if (bell->forgets)
        jobs_forget(&bell->forgets->alarm.job);
}

static struct bell bell(char name)
{
    return (struct bell){.alarm.job.run = ring_bell, .name = name};
}

static const char *ring(int64_t now)
{
    utstring_clear(&rung);
    alarms_ring(&alarms, now, &host);
    return utstring_body(&rung);
}

static void setup(void)
{
    alarms = (struct alarms){0};
    utstring_init(&rung);
}

static void teardown(void)
{
    utstring_done(&rung);
}

START_TEST(ring_in_the_order_of_their_time)
{
    struct bell a = bell('a'), b = bell('b'), c = bell('c'), d = bell('d');
    ck_assert_ptr_null(alarms_first(&alarms));
    alarms_set(&alarms, &b.alarm, 20);
    alarms_set(&alarms, &c.alarm, 30);
    alarms_set(&alarms, &a.alarm, 10);
    alarms_set(&alarms, &d.alarm, 20); /* of two at one time the one that was set first */
    ck_assert_ptr_eq(alarms_first(&alarms), &a.alarm);
    ck_assert_str_eq(ring(9), "");
    ck_assert_str_eq(ring(20), "abd");
    ck_assert_str_eq(ring(20), "");
    ck_assert_ptr_eq(alarms_first(&alarms), &c.alarm);
    ck_assert_str_eq(ring(100), "c");
    ck_assert_ptr_null(alarms_first(&alarms));
}
END_TEST

START_TEST(the_last_word_counts)
{
    struct bell a = bell('a'), b = bell('b');
    alarms_set(&alarms, &a.alarm, 10);
    alarms_set(&alarms, &b.alarm, 20);
    alarms_set(&alarms, &a.alarm, 30);
    ck_assert_str_eq(ring(20), "b");
    alarms_set(&alarms, &a.alarm, 21);
    ck_assert_str_eq(ring(21), "a");
}
END_TEST

START_TEST(one_may_set_and_forget_others)
{
    struct bell a = bell('a'), b = bell('b'), c = bell('c');
    alarms_set(&alarms, &a.alarm, 10);
    alarms_set(&alarms, &b.alarm, 10);
    a.forgets = &b;
    a.sets = &c;
    ck_assert_str_eq(ring(10), "a");
    c.sets = &c; /* at once, for ever */
    ck_assert_str_eq(ring(10), "c");
    ck_assert_str_eq(ring(10), "c");
    jobs_forget(&c.alarm.job);
    ck_assert_str_eq(ring(10), "");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {ring_in_the_order_of_their_time, the_last_word_counts,
                                  one_may_set_and_forget_others, NULL};
    return check_run_with("alarms", setup, teardown, tests);
}
