/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be typed behind /fault and fault=, and what is wrong with the rest. */
#include "core/fault_plan.h"

#include <string.h>

#include "check_main.h"

static struct fault_plan plan;

static void setup(void)
{
    plan = (struct fault_plan){0};
}

static void reads(const char *text, const char *shown)
{
    char *error = NULL;
    UT_string out;
    plan = (struct fault_plan){0};
    ck_assert_msg(fault_plan_parse(text, " ", '=', &plan, &error), "%s", error);
    utstring_init(&out);
    fault_plan_print(&plan, &out);
    ck_assert_str_eq(utstring_body(&out), shown);
    utstring_done(&out);
}

static void fails(const char *text, const char *expected)
{
    char *error = NULL;
    plan = (struct fault_plan){0};
    ck_assert(!fault_plan_parse(text, " ", '=', &plan, &error));
    check_error(error, expected);
}

START_TEST(each_key_is_read_and_shown)
{
    reads("latency=200", "latency=200");
    ck_assert_int_eq(fault_plan_time(&plan, FAULT_LATENCY), 200000);
    reads("latency=200ms jitter=0.5", "latency=200 jitter=0.5");
    ck_assert_int_eq(fault_plan_time(&plan, FAULT_JITTER), 500);
    reads("  rate=64k   slice=10 ", "rate=65536 slice=10");
    reads("loss=0.5 duplicate=100% reorder=33.25 corrupt=0.000001",
          "loss=0.5 duplicate=100 reorder=33.25 corrupt=0.000001");
    reads("reset=2.5", "reset=2.5");
    ck_assert_int_eq(fault_plan_time(&plan, FAULT_RESET), 2500000);
    reads("reset=0s", "reset=0");
    reads("seed=18446744073709551615 stall", "stall seed=18446744073709551615");
    reads("latency=1 latency=2", "latency=2");
}
END_TEST

START_TEST(a_key_of_an_endpoint_has_other_marks)
{
    char *error = NULL;
    ck_assert(fault_plan_parse("latency:5,stall,,loss:1", ",", ':', &plan, &error));
    ck_assert_uint_eq(plan.given, 1u << FAULT_LATENCY | 1u << FAULT_STALL | 1u << FAULT_LOSS);
    ck_assert(!fault_plan_parse("latency=5", ",", ':', &plan, &error));
    free(error);
}
END_TEST

START_TEST(what_is_wrong_is_named)
{
    const char *const known = "latency, jitter, rate, slice, loss, duplicate, reorder, "
                              "corrupt, reset, stall or seed";
    char *unknown = mem_printf("unknown fault 'speed': use %s", known);
    char *none = mem_printf("no fault is named: use %s", known);
    fails("latency=1 speed=1", unknown);
    fails("", none);
    fails(" ", none);
    free(unknown);
    free(none);
    fails("latency=-1", "latency: '-1' is not a number of milliseconds, at most 3600000");
    fails("jitter=3600000.1",
          "jitter: '3600000.1' is not a number of milliseconds, at most 3600000");
    fails("latency", "latency needs a number of milliseconds, at most 3600000");
    fails("loss=100.1", "loss: '100.1' is not a percentage, from 0 to 100, such as 0.5");
    fails("corrupt=%", "corrupt: '%' is not a percentage, from 0 to 100, such as 0.5");
    fails("rate=0", "rate: '0' is not a number of bytes, at least 1, such as 512 or 64k");
    fails("slice=x\x1b[",
          "slice: 'x\\x1b[' is not a number of bytes, at least 1, such as 512 or 64k");
    fails("reset=1000000000.5", "reset: '1000000000.5' is not a number of seconds, at most "
                                "1000000000");
    fails("seed=1.5", "seed: '1.5' is not a whole number, such as 7");
    fails("stall=yes", "stall has no value: write it alone");
}
END_TEST

static void object(const char *text, bool datagrams, bool raw, const char *expected)
{
    char *error = NULL;
    plan = (struct fault_plan){0};
    ck_assert(fault_plan_parse(text, " ", '=', &plan, &error));
    char *found = fault_plan_object(&plan, datagrams, raw);
    if (expected)
        check_error(found, expected);
    else
        ck_assert_ptr_null(found);
}

START_TEST(not_all_is_for_every_line)
{
    const char *const all = "latency=1 jitter=1 rate=1 corrupt=1 stall seed=1";
    object(all, true, true, NULL);
    object(all, false, true, NULL);
    object("loss=1 duplicate=1 reorder=1", true, true, NULL);
    object("loss=1 duplicate=1 reorder=1", false, false, NULL);
    object("slice=1 reset=1", false, true, NULL);
    object("slice=1", true, true, "slice is for streams, and these are datagrams");
    object("reset=1", true, true, "reset is for streams, and these are datagrams");
    object("reorder=1", false, true,
           "reorder is for whole messages, and a raw stream has none: choose a framing");
}
END_TEST

START_TEST(plans_are_compared)
{
    struct fault_plan other = {0};
    ck_assert(!fault_plan_differs(&plan, &other));
    fault_plan_set(&other, FAULT_LOSS, 0);
    ck_assert(fault_plan_differs(&plan, &other));
    fault_plan_set(&plan, FAULT_LOSS, 0);
    ck_assert(!fault_plan_differs(&plan, &other));
    fault_plan_set(&plan, FAULT_LOSS, 1);
    ck_assert(fault_plan_differs(&plan, &other));
}
END_TEST

START_TEST(the_forms_are_those_of_the_keys)
{
    for (int key = 0; key < FAULT_KEYS; key++) {
        const char *name = fault_key_name((enum fault_key)key);
        ck_assert_int_eq(strncmp(fault_forms[key], name, strlen(name)), 0);
        ck_assert_int_eq(fault_forms[key][strlen(name)],
                         fault_key_unit((enum fault_key)key) == FAULT_ALONE ? '\0' : '=');
    }
    ck_assert_ptr_null(fault_forms[FAULT_KEYS]);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {each_key_is_read_and_shown,
                                  a_key_of_an_endpoint_has_other_marks,
                                  what_is_wrong_is_named,
                                  not_all_is_for_every_line,
                                  plans_are_compared,
                                  the_forms_are_those_of_the_keys,
                                  NULL};
    return check_run_with("fault_plan", setup, NULL, tests);
}
