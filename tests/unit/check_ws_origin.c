/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "websocket/ws_origin.h"

#include "check_main.h"

START_TEST(a_page_of_the_same_place_may)
{
    ck_assert(ws_origin_may("http://a.example:8080", "a.example:8080", NULL));
    ck_assert(ws_origin_may("HTTP://A.example", "a.EXAMPLE", NULL));
    ck_assert(ws_origin_may("http://a.example", "a.example:80", NULL));
    ck_assert(ws_origin_may("https://a.example:443", "a.example", NULL));
    ck_assert(ws_origin_may("http://[::1]:80", "[::1]", NULL));
    ck_assert(ws_origin_may("https://[::1]:1", "[::1]:1", NULL));
}
END_TEST

START_TEST(others_may_not)
{
    ck_assert(!ws_origin_may("http://evil.example", "a.example", NULL));
    ck_assert(!ws_origin_may("http://a.example", "a.example:8080", NULL));
    ck_assert(!ws_origin_may("http://a.example:8081", "a.example:8080", NULL));
    ck_assert(!ws_origin_may("https://a.example", "a.example:80", NULL));
    ck_assert(!ws_origin_may("http://a.example.evil", "a.example", NULL));
    ck_assert(!ws_origin_may("null", "a.example", NULL));
    ck_assert(!ws_origin_may("a.example", "a.example", NULL));
    ck_assert(!ws_origin_may("", "", NULL));
    ck_assert(!ws_origin_may("http://a.example", NULL, NULL));
}
END_TEST

START_TEST(unless_they_are_named)
{
    const char *list = "a.example,b.example:81, https://c.example";
    ck_assert(ws_origin_may("http://a.example", "x", list));
    ck_assert(ws_origin_may("https://A.example:99", "x", list));
    ck_assert(ws_origin_may("http://b.example:81", "x", list));
    ck_assert(!ws_origin_may("http://b.example", "x", list));
    ck_assert(ws_origin_may("https://c.example", "x", list));
    ck_assert(!ws_origin_may("http://c.example", "x", list));
    ck_assert(!ws_origin_may("https://c.example:1", "x", list));
    ck_assert(!ws_origin_may("http://ba.example", "x", list));
    ck_assert(!ws_origin_may("null", "x", list));
    ck_assert(ws_origin_may("null", "x", "null"));
    ck_assert(ws_origin_may("anything", "x", "*"));
}
END_TEST

START_TEST(lists_that_can_be_meant)
{
    ck_assert(ws_origin_list_is_valid("*"));
    ck_assert(ws_origin_list_is_valid("a.example,https://b.example:8443"));
    ck_assert(ws_origin_list_is_valid("[::1]:80"));
    ck_assert(!ws_origin_list_is_valid(""));
    ck_assert(!ws_origin_list_is_valid(","));
    ck_assert(!ws_origin_list_is_valid("https://a.example/path"));
    ck_assert(!ws_origin_list_is_valid("https://"));
    ck_assert(!ws_origin_list_is_valid("a b"));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_page_of_the_same_place_may, others_may_not,
                                  unless_they_are_named, lists_that_can_be_meant, NULL};
    return check_run("ws_origin", tests);
}
