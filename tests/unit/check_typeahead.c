/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/typeahead.h"

#include <string.h>

#include "base/ut.h"
#include "check_main.h"
#include "loop/loop.h"

static struct loop loop;
static struct typeahead *typeahead;
static UT_string given;
static bool loses; /* the line, with the first that it is given */

static void give(void *context, const char *text, size_t size)
{
    ck_assert_ptr_eq(context, &given);
    utstring_printf(&given, "%.*s\n", (int)size, text);
    if (loses)
        typeahead_hold(typeahead);
}

static void setup(void)
{
    loop_init(&loop);
    utstring_init(&given);
    loses = false;
    typeahead = typeahead_create(&loop, give, &given);
}

static void teardown(void)
{
    typeahead_destroy(typeahead);
    utstring_done(&given);
    loop_finish(&loop);
}

static void add(const char *text)
{
    ck_assert(typeahead_waits(typeahead));
    ck_assert(typeahead_add(typeahead, text, strlen(text)));
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
    ck_assert_uint_eq(typeahead_bytes(typeahead), 11);
    expect("");
    typeahead_let_go(typeahead);
    add("behind those"); /* that are still to come */
    ck_assert_uint_eq(utstring_len(&given), 0);
    expect("one\n\nthree\nbehind those\n");
    ck_assert(!typeahead_waits(typeahead));
    ck_assert_uint_eq(typeahead_bytes(typeahead), 0);
}
END_TEST

START_TEST(keeps_the_rest_where_the_line_is_lost_again)
{
    loses = true;
    add("one");
    add("two");
    typeahead_let_go(typeahead);
    expect("one\n");
    ck_assert(typeahead_waits(typeahead));
    ck_assert_uint_eq(typeahead_bytes(typeahead), 4);
    typeahead_let_go(typeahead);
    typeahead_hold(typeahead);
    expect("");
    loses = false;
    typeahead_let_go(typeahead);
    expect("two\n");
}
END_TEST

START_TEST(has_a_bound)
{
    char *text = malloc(TYPEAHEAD_MAX);
    ck_assert_ptr_nonnull(text);
    memset(text, 'x', TYPEAHEAD_MAX);
    ck_assert(!typeahead_add(typeahead, text, TYPEAHEAD_MAX));
    ck_assert(typeahead_add(typeahead, text, TYPEAHEAD_MAX - 4));
    ck_assert(!typeahead_add(typeahead, text, 3));
    ck_assert(typeahead_add(typeahead, text, 1));
    ck_assert(typeahead_add(typeahead, text, 0));
    ck_assert(!typeahead_add(typeahead, text, 0));
    ck_assert_uint_eq(typeahead_bytes(typeahead), TYPEAHEAD_MAX);
    free(text);
}
END_TEST

int main(void)
{
    return check_run_with("typeahead", setup, teardown,
                          (const TTest *const[]){gives_in_order_when_there_is_a_line,
                                                 keeps_the_rest_where_the_line_is_lost_again,
                                                 has_a_bound, NULL});
}
