/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/http_head.h"

#include <string.h>

#include "base/mem.h"
#include "check_main.h"

#define HEAD                                                                        \
    "GET / HTTP/1.1\r\nHost: a:1\r\nconnection:keep-alive ,\tUpgrade\r\nEmpty:\r\n" \
    "Connection: , x;q=1\nX: upgrade\r\n\r\n"

static size_t size_of(const char *text)
{
    return http_head_size(text, strlen(text));
}

START_TEST(ends_with_an_empty_line)
{
    ck_assert_uint_eq(size_of("GET / HTTP/1.1\r\n\r\nhi"), 18);
    ck_assert_uint_eq(size_of("GET / HTTP/1.1\n\nhi"), 16);
    ck_assert_uint_eq(size_of("GET / HTTP/1.1\r\nA: b\r\n\r"), 0);
    ck_assert_uint_eq(size_of(""), 0);
}
END_TEST

static void says(const char *name, const char *expected)
{
    char *value = http_head_field(HEAD, sizeof HEAD - 1, name);
    if (expected)
        ck_assert_str_eq(value, expected);
    else
        ck_assert_ptr_null(value);
    free(value);
}

START_TEST(fields_of_a_name_are_one)
{
    says("Host", "a:1");
    says("CONNECTION", "keep-alive ,\tUpgrade, , x;q=1");
    says("Empty", "");
    says("Hos", NULL);
    says("GET / HTTP/1.1\r\nHost", NULL);
    ck_assert_uint_eq(http_head_count(HEAD, sizeof HEAD - 1, "connection"), 2);
    ck_assert_uint_eq(http_head_count(HEAD, sizeof HEAD - 1, "Y"), 0);
}
END_TEST

START_TEST(lists_are_of_whole_words)
{
    ck_assert(http_head_lists(HEAD, sizeof HEAD - 1, "Connection", "upgrade"));
    ck_assert(http_head_lists(HEAD, sizeof HEAD - 1, "Connection", "Keep-Alive"));
    ck_assert(!http_head_lists(HEAD, sizeof HEAD - 1, "Connection", "keep"));
    ck_assert(!http_head_lists(HEAD, sizeof HEAD - 1, "Connection", "x"));
    ck_assert(!http_head_lists(HEAD, sizeof HEAD - 1, "Upgrade", "upgrade"));
}
END_TEST

static void is_valid(const char *head, bool expected)
{
    ck_assert_msg(http_head_is_valid(head, strlen(head)) == expected, "%s", head);
}

START_TEST(lines_are_fields)
{
    is_valid(HEAD, true);
    is_valid("GET / HTTP/1.1\r\n\r\n", true);
    is_valid("GET / HTTP/1.1\r\nno field\r\n\r\n", false);
    is_valid("GET / HTTP/1.1\r\nA: b\r\n folded: c\r\n\r\n", false);
    is_valid("GET / HTTP/1.1\r\nA : b\r\n\r\n", false);
    ck_assert(!http_head_is_valid("G\r\nA: \0\r\n\r\n", 11));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {ends_with_an_empty_line, fields_of_a_name_are_one,
                                  lists_are_of_whole_words, lines_are_fields, NULL};
    return check_run("http_head", tests);
}
