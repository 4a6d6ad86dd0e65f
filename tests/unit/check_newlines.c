/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/newlines.h"

#include <string.h>

#include "check_main.h"

/* Translates text, cut at the two places, and compares. */
static void check_cut(enum eol eol, const char *text, size_t size, size_t first, size_t second,
                      const char *wanted, size_t wanted_size)
{
    struct newlines newlines = {.eol = eol};
    UT_string out;
    utstring_init(&out);
    newlines_add(&newlines, &out, text, first);
    newlines_add(&newlines, &out, text + first, second - first);
    newlines_add(&newlines, &out, text + second, size - second);
    ck_assert_uint_eq(utstring_len(&out), wanted_size);
    ck_assert_mem_eq(utstring_body(&out), wanted, wanted_size);
    utstring_done(&out);
}

/* However it is cut. */
static void check(enum eol eol, const char *text, size_t size, const char *wanted,
                  size_t wanted_size)
{
    for (size_t first = 0; first <= size; first++)
        for (size_t second = first; second <= size; second++)
            check_cut(eol, text, size, first, second, wanted, wanted_size);
}

#define CHECK(eol, text, wanted) check(eol, text, sizeof text - 1, wanted, sizeof wanted - 1)

START_TEST(each_newline_becomes_another)
{
    CHECK(EOL_CRLF, "one\n\ntwo\nend", "one\r\n\r\ntwo\r\nend");
    CHECK(EOL_NUL, "one\n\ntwo\nend", "one\0\0two\0end");
    CHECK(EOL_NONE, "one\n\ntwo\nend", "onetwoend");
    CHECK(EOL_LF, "one\n\ntwo\nend", "one\n\ntwo\nend");
}
END_TEST

START_TEST(unset_leaves_all_as_it_is)
{
    CHECK(EOL_UNSET, "one\n\r\n\0two\n", "one\n\r\n\0two\n");
}
END_TEST

START_TEST(a_carriage_return_is_not_doubled)
{
    CHECK(EOL_CRLF, "one\r\ntwo\n\r\n", "one\r\ntwo\r\n\r\n");
    CHECK(EOL_CRLF, "\r\n\n\r", "\r\n\r\n\r");
    CHECK(EOL_CRLF, "a\rb\n", "a\rb\r\n");
}
END_TEST

START_TEST(only_newlines_are_touched)
{
    CHECK(EOL_NUL, "a\r\n\0\xff", "a\r\0\0\xff");
    CHECK(EOL_NONE, "a\r\n\0\xff", "a\r\0\xff");
    CHECK(EOL_CRLF, "", "");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {each_newline_becomes_another, unset_leaves_all_as_it_is,
                                  a_carriage_return_is_not_doubled, only_newlines_are_touched,
                                  NULL};
    return check_run("newlines", tests);
}
