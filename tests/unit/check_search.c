/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/search.h"

#include <string.h>

#include "check_main.h"

static struct search search;

static void teardown(void)
{
    search_finish(&search);
}

static bool finds(const char *text, const char *data)
{
    search_set(&search, text, strlen(text));
    return search_finds(&search, data, strlen(data));
}

START_TEST(finds_it_anywhere)
{
    ck_assert(finds("warm", "warm"));
    ck_assert(finds("warm", "how warm"));
    ck_assert(finds("warm", "warm it is"));
    ck_assert(finds("warm", "wawarm"));
    ck_assert(finds("m", "warm"));
    ck_assert(!finds("warm", "war"));
    ck_assert(!finds("warm", "wa rm"));
    ck_assert(!finds("warm", ""));
    ck_assert(!finds("warm!", "warm"));
}
END_TEST

START_TEST(minds_no_case)
{
    ck_assert(finds("WaRm", "how wArM it is"));
    ck_assert(finds("warm", "WAWARM"));
    ck_assert(finds("WARM", "wWArm"));
    ck_assert(!finds("@[", "`{"));
    ck_assert(!finds("\xc3\xa4", "\xc3\x84")); /* no ASCII letters */
    ck_assert(finds("\xc3\xa4", "\xc3\xa4"));
}
END_TEST

START_TEST(a_text_may_hold_any_bytes)
{
    search_set(&search, "\0A\xff", 3);
    ck_assert(search_finds(&search, "x\0\0a\xff", 5));
    ck_assert(!search_finds(&search, "x\0\0a\xfe", 5));
    ck_assert(!search_finds(&search, "\0A", 2));
}
END_TEST

START_TEST(no_text_is_found_everywhere)
{
    ck_assert(search_finds(&search, NULL, 0));
    ck_assert(finds("", "x"));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {finds_it_anywhere, minds_no_case, a_text_may_hold_any_bytes,
                                  no_text_is_found_everywhere, NULL};
    return check_run_with("search", NULL, teardown, tests);
}
