/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/names.h"

#include <stdio.h>

#include "check_main.h"
#include "core/peer.h"

enum { MANY = 50000 };

static struct names names;
static struct peer one, other;

static void setup(void)
{
    names_init(&names);
    one = other = (struct peer){0};
}

static void teardown(void)
{
    names_finish(&names);
    names_free(&one);
    names_free(&other);
}

START_TEST(a_name_is_found_until_it_is_taken_away)
{
    ck_assert_ptr_null(names_find(&names, "boiler"));
    names_set(&names, &one, "boiler");
    names_set(&names, &other, "kettle");
    ck_assert_ptr_eq(names_find(&names, "boiler"), &one);
    ck_assert_ptr_eq(names_find(&names, "kettle"), &other);
    ck_assert_ptr_null(names_find(&names, "boile"));
    names_set(&names, &one, NULL);
    ck_assert_ptr_null(names_find(&names, "boiler"));
    ck_assert_ptr_null(one.name);
    names_set(&names, &one, NULL);
}
END_TEST

START_TEST(another_takes_its_place)
{
    names_set(&names, &one, "boiler");
    names_set(&names, &one, "kettle");
    ck_assert_str_eq(one.name, "kettle");
    ck_assert_ptr_null(names_find(&names, "boiler"));
    names_set(&names, &one, one.name);
    ck_assert_str_eq(one.name, "kettle");
    ck_assert_ptr_eq(names_find(&names, "kettle"), &one);
}
END_TEST

START_TEST(who_is_retired_keeps_it_and_another_may_get_it)
{
    names_set(&names, &one, "boiler");
    names_retire(&names, &one);
    ck_assert_str_eq(one.name, "boiler");
    ck_assert_ptr_null(names_find(&names, "boiler"));
    names_set(&names, &other, "boiler");
    ck_assert_ptr_eq(names_find(&names, "boiler"), &other);
}
END_TEST

/* Found by going through all, this many took half a minute. */
START_TEST(many_are_found_at_once)
{
    static struct peer peers[MANY];
    char text[32];
    for (unsigned i = 0; i < MANY; i++) {
        snprintf(text, sizeof text, "meter-%u", i);
        ck_assert_ptr_null(names_find(&names, text));
        names_set(&names, &peers[i], text);
    }
    for (unsigned i = 0; i < MANY; i++) {
        snprintf(text, sizeof text, "meter-%u", i);
        ck_assert_ptr_eq(names_find(&names, text), &peers[i]);
    }
    names_finish(&names);
    for (unsigned i = 0; i < MANY; i++)
        names_free(&peers[i]);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_name_is_found_until_it_is_taken_away, another_takes_its_place,
        who_is_retired_keeps_it_and_another_may_get_it, many_are_found_at_once, NULL};
    return check_run_with("names", setup, teardown, tests);
}
