/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/words.h"

#include "check_main.h"

static const char *const one[] = {"a", NULL};
static const char *const two[] = {"a", "b", NULL};
static const char *const four[] = {"a", "b", "c", "d", NULL};

START_TEST(finds_the_place)
{
    char *error = NULL;
    ck_assert_int_eq(words_parse(four, "letter", "a", &error), 0);
    ck_assert_int_eq(words_parse(four, "letter", "d", &error), 3);
    ck_assert_ptr_null(error);
}
END_TEST

START_TEST(says_what_there_is)
{
    char *error = NULL;
    ck_assert_int_lt(words_parse(four, "letter", "x\x1b%s", &error), 0);
    check_error(error, "unknown letter 'x\\x1b%s': use a, b, c or d");
    ck_assert_int_lt(words_parse(two, "letter", "ab", &error), 0);
    check_error(error, "unknown letter 'ab': use a or b");
    ck_assert_int_lt(words_parse(one, "letter", "", &error), 0);
    check_error(error, "unknown letter '': use a");
}
END_TEST

START_TEST(a_list_grows_by_a_word)
{
    UT_string list;
    utstring_init(&list);
    words_add(&list, "eol");
    ck_assert_str_eq(utstring_body(&list), "eol");
    words_add(&list, "framing");
    ck_assert_str_eq(utstring_body(&list), "eol, framing");
    utstring_done(&list);
}
END_TEST

START_TEST(yes_and_no)
{
    bool yes = false;
    ck_assert(words_yes("yes", &yes) && yes);
    ck_assert(words_yes("no", &yes) && !yes);
    ck_assert(!words_yes("", &yes));
    ck_assert(!words_yes("Yes", &yes));
}
END_TEST

START_TEST(no_word_is_like_none_alone)
{
    ck_assert(!words_differ("a", "a"));
    ck_assert(!words_differ(NULL, NULL));
    ck_assert(words_differ("a", "b"));
    ck_assert(words_differ("a", NULL));
    ck_assert(words_differ(NULL, ""));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {finds_the_place,
                                  says_what_there_is,
                                  a_list_grows_by_a_word,
                                  no_word_is_like_none_alone,
                                  yes_and_no,
                                  NULL};
    return check_run("words", tests);
}
