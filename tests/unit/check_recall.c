/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/recall.h"

#include <string.h>

#include "check_main.h"
#include "core/line_end.h"

static struct recall recall;
static struct line_end end;

static void setup(void)
{
    recall_init(&recall, 1000000, false);
    recall_made(&recall, 3);
}

static void teardown(void)
{
    recall_finish(&recall);
}

/* The line of #3 ends; returns when it is called again. */
static int64_t ends(enum close_reason reason, bool stood, const char *error)
{
    end = (struct line_end){.reason = reason, .error = error};
    recall_ended(&recall, 3, stood, &end);
    return end.again;
}

START_TEST(one_call_is_made_once)
{
    recall_finish(&recall);
    recall_init(&recall, 0, false);
    recall_made(&recall, 3);
    ck_assert_int_eq(ends(CLOSE_EOF, true, NULL), 0);
    ck_assert_int_eq(ends(CLOSE_ERROR, false, "Connection refused"), 0);
    ck_assert(!end.repeated);
}
END_TEST

START_TEST(pauses_grow_until_it_was_worth_it)
{
    ck_assert_int_eq(ends(CLOSE_ERROR, false, "Connection refused"), 250000);
    ck_assert_int_eq(ends(CLOSE_ERROR, false, "Connection refused"), 500000);
    ck_assert_int_eq(ends(CLOSE_EOF, true, NULL), 1000000);
    ck_assert_int_eq(ends(CLOSE_EOF, true, NULL), 1000000);
    end = (struct line_end){.reason = CLOSE_EOF, .received = 1};
    recall_ended(&recall, 3, true, &end);
    ck_assert_int_eq(end.again, 250000);
    ck_assert_int_eq(ends(CLOSE_EOF, true, NULL), 500000);
    end = (struct line_end){.reason = CLOSE_RESET, .duration = 1000000};
    recall_ended(&recall, 3, true, &end);
    ck_assert_int_eq(end.again, 250000);
}
END_TEST

START_TEST(a_device_that_stood_was_worth_it)
{
    recall_finish(&recall);
    recall_init(&recall, 1000000, true);
    recall_made(&recall, 3);
    ck_assert_int_eq(ends(CLOSE_ERROR, true, NULL), 100000);
    ck_assert_int_eq(ends(CLOSE_ERROR, true, NULL), 100000);
    ck_assert_int_eq(ends(CLOSE_ERROR, false, "Permission denied"), 200000);
    ck_assert_int_eq(ends(CLOSE_ERROR, false, "Permission denied"), 400000);
    ck_assert_int_eq(ends(CLOSE_ERROR, true, NULL), 100000);
}
END_TEST

START_TEST(a_long_try_is_not_worth_it)
{
    ck_assert_int_eq(ends(CLOSE_ERROR, false, "Connection refused"), 250000);
    end = (struct line_end){.reason = CLOSE_TIMEOUT, .duration = 10000000};
    recall_ended(&recall, 3, false, &end);
    ck_assert_int_eq(end.again, 500000);
}
END_TEST

START_TEST(what_was_told_is_marked)
{
    ends(CLOSE_EOF, true, NULL);
    ck_assert(!end.repeated);
    ends(CLOSE_ERROR, false, "Connection refused");
    ck_assert(!end.repeated);
    ends(CLOSE_ERROR, false, "Connection refused");
    ck_assert(end.repeated);
    ends(CLOSE_TIMEOUT, false, NULL);
    ck_assert(!end.repeated);
    ends(CLOSE_TIMEOUT, false, NULL);
    ck_assert(end.repeated);
    ends(CLOSE_EOF, true, NULL);
    ck_assert(!end.repeated);
    ends(CLOSE_TIMEOUT, false, NULL);
    ck_assert(!end.repeated);
}
END_TEST

START_TEST(an_operator_ends_it)
{
    ck_assert_int_eq(ends(CLOSE_OPERATOR, true, NULL), 0);
    ck_assert_int_eq(ends(CLOSE_EOF, true, NULL), 0);
}
END_TEST

START_TEST(the_end_of_the_program_ends_it)
{
    ck_assert_int_eq(ends(CLOSE_SHUTDOWN, true, NULL), 0);
}
END_TEST

/* Closed while it was closing for another reason, which stays the reason. */
START_TEST(who_hangs_up_means_it)
{
    recall_hang_up(&recall, 4);
    ck_assert_int_eq(ends(CLOSE_EOF, true, NULL), 250000);
    recall_hang_up(&recall, 3);
    ck_assert_int_eq(ends(CLOSE_EOF, true, NULL), 0);
}
END_TEST

START_TEST(others_of_the_same_origin_do_not_count)
{
    end = (struct line_end){.reason = CLOSE_TIMEOUT};
    recall_ended(&recall, 4, true, &end);
    ck_assert_int_eq(end.again, 0);
}
END_TEST

START_TEST(what_could_not_even_be_tried)
{
    int64_t again;
    ck_assert(recall_failed(&recall, "no listener", &again));
    ck_assert_int_eq(again, 250000);
    ck_assert(!recall_failed(&recall, "no listener", &again));
    ck_assert_int_eq(again, 500000);
    ck_assert(recall_failed(&recall, "no room", &again));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {one_call_is_made_once,
                                  pauses_grow_until_it_was_worth_it,
                                  a_device_that_stood_was_worth_it,
                                  a_long_try_is_not_worth_it,
                                  what_was_told_is_marked,
                                  an_operator_ends_it,
                                  the_end_of_the_program_ends_it,
                                  who_hangs_up_means_it,
                                  others_of_the_same_origin_do_not_count,
                                  what_could_not_even_be_tried,
                                  NULL};
    return check_run_with("recall", setup, teardown, tests);
}
