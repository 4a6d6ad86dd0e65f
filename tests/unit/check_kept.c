/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/kept.h"

#include <string.h>

#include "base/ut.h"
#include "check_main.h"
#include "loop/loop.h"

static struct loop loop;
static struct kept *kept;
static UT_string given;
static bool loses; /* the line, with the first that it is given */

static void give(void *context, const char *text, size_t size)
{
    ck_assert_ptr_eq(context, &given);
    utstring_printf(&given, "%.*s\n", (int)size, text);
    if (loses)
        kept_hold(kept);
}

static void setup(void)
{
    loop_init(&loop);
    utstring_init(&given);
    loses = false;
    kept = kept_create(&loop, give, &given);
}

static void teardown(void)
{
    kept_destroy(kept);
    utstring_done(&given);
    loop_finish(&loop);
}

static void add(const char *text)
{
    ck_assert(kept_waits(kept));
    ck_assert(kept_add(kept, text, strlen(text)));
}

static void expect(const char *lines)
{
    loop_poll(&loop);
    ck_assert_str_eq(utstring_body(&given), lines);
    utstring_clear(&given);
}

START_TEST(gives_in_order_when_there_is_a_line)
{
    add("one");
    add("");
    add("three");
    ck_assert_uint_eq(kept_bytes(kept), 11);
    expect("");
    kept_let_go(kept);
    add("behind those"); /* that are still to come */
    ck_assert_uint_eq(utstring_len(&given), 0);
    expect("one\n\nthree\nbehind those\n");
    ck_assert(!kept_waits(kept));
    ck_assert_uint_eq(kept_bytes(kept), 0);
}
END_TEST

START_TEST(keeps_the_rest_where_the_line_is_lost_again)
{
    loses = true;
    add("one");
    add("two");
    kept_let_go(kept);
    expect("one\n");
    ck_assert(kept_waits(kept));
    ck_assert_uint_eq(kept_bytes(kept), 4);
    kept_let_go(kept);
    kept_hold(kept);
    expect("");
    loses = false;
    kept_let_go(kept);
    expect("two\n");
}
END_TEST

START_TEST(has_a_bound)
{
    char *text = malloc(KEPT_MAX);
    ck_assert_ptr_nonnull(text);
    memset(text, 'x', KEPT_MAX);
    ck_assert(!kept_add(kept, text, KEPT_MAX));
    ck_assert(kept_add(kept, text, KEPT_MAX - 4));
    ck_assert(!kept_add(kept, text, 3));
    ck_assert(kept_add(kept, text, 1));
    ck_assert(kept_add(kept, text, 0));
    ck_assert(!kept_add(kept, text, 0));
    ck_assert_uint_eq(kept_bytes(kept), KEPT_MAX);
    free(text);
}
END_TEST

int main(void)
{
    return check_run_with("kept", setup, teardown,
                          (const TTest *const[]){gives_in_order_when_there_is_a_line,
                                                 keeps_the_rest_where_the_line_is_lost_again,
                                                 has_a_bound, NULL});
}
