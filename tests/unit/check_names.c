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

#define NAME_OF_31 "abcdefghijklmnopqrstuvwxyz01234"

START_TEST(names_have_a_form)
{
    static const char *const good[] = {"a",      "Z",        "a1",          "a-",
                                       "a_",     "A-_0",     "a--",         "none",
                                       "boiler", NAME_OF_31, NAME_OF_31 "x"};
    static const char *const wrong[] = {
        "",   "1",   "-",   "_",   "-a",  "_a", "1a", "#1", "*",    "a b",   " a",
        "a ", "a.b", "a,b", "a\n", "a/b", "@a", "ä",  "aä", "\x80", "a\x80", NAME_OF_31 "xy"};
    for (size_t i = 0; i < COUNT(good); i++)
        ck_assert_msg(names_valid(good[i]), "'%s'", good[i]);
    for (size_t i = 0; i < COUNT(wrong); i++)
        ck_assert_msg(!names_valid(wrong[i]), "'%s'", wrong[i]);
}
END_TEST

START_TEST(names_are_made_of_these_bytes)
{
    for (int byte = 1; byte < 256; byte++) {
        bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        bool further = letter || (byte >= '0' && byte <= '9') || byte == '_' || byte == '-';
        const char first[] = {(char)byte, '\0'}, second[] = {'a', (char)byte, '\0'};
        ck_assert_msg(names_valid(first) == letter, "%d", byte);
        ck_assert_msg(names_valid(second) == further, "%d", byte);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_name_is_found_until_it_is_taken_away,
                                  another_takes_its_place,
                                  who_is_retired_keeps_it_and_another_may_get_it,
                                  many_are_found_at_once,
                                  names_have_a_form,
                                  names_are_made_of_these_bytes,
                                  NULL};
    return check_run_with("names", setup, teardown, tests);
}
