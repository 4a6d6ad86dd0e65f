/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/answer.h"

#include <string.h>

#include "check_main.h"

#define TIME "{\"time\":\"2026-01-02T03:04:05.000006Z\","

static enum answer_kind kind(const char *line)
{
    return answer_kind(line, strlen(line));
}

START_TEST(kinds_are_told_apart)
{
    ck_assert_int_eq(kind(TIME "\"event\":\"result\",\"input\":3,\"command\":\"to\"}"),
                     ANSWER_LAST);
    ck_assert_int_eq(kind(TIME "\"event\":\"result\",\"input\":3,\"command\":\"peers\","
                               "\"peers\":[],\"more\":true}"),
                     ANSWER_MORE);
    ck_assert_int_eq(kind(TIME "\"event\":\"error\",\"error\":\"x\",\"input\":3}"),
                     ANSWER_LAST);
    ck_assert_int_eq(kind(TIME "\"event\":\"result\",\"command\":\"send\",\"every\":1}"),
                     ANSWER_NONE);
    ck_assert_int_eq(kind(TIME "\"event\":\"message\",\"seq\":7,\"replayed\":true,\"peer\":1}"),
                     ANSWER_AGAIN);
    ck_assert_int_eq(kind(TIME "\"event\":\"message\",\"seq\":7,\"peer\":1}"), ANSWER_NONE);
    ck_assert_int_eq(kind(TIME "\"event\":\"lost\",\"messages\":1,\"events\":0}"), ANSWER_LOST);
    ck_assert_int_eq(kind(TIME "\"event\":\"open\",\"seq\":7,\"peer\":1}"), ANSWER_NONE);
    ck_assert_int_eq(kind(""), ANSWER_NONE);
    ck_assert_int_eq(kind("{}"), ANSWER_NONE);
}
END_TEST

/* What a peer says has a backslash before each quote. */
START_TEST(no_text_passes_for_a_mark)
{
    ck_assert_int_eq(kind(TIME "\"event\":\"message\",\"seq\":7,\"peer\":1,\"text\":"
                               "\"\\\"event\\\":\\\"result\\\",\\\"input\\\":1\"}"),
                     ANSWER_NONE);
    ck_assert_int_eq(kind(TIME "\"event\":\"message\",\"seq\":7,\"peer\":1,\"text\":"
                               "\"\\\"replayed\\\":true\"}"),
                     ANSWER_NONE);
    ck_assert_int_eq(
        kind(TIME "\"event\":\"result\",\"input\":1,\"note\":\",\\\"more\\\":true}\"}"),
        ANSWER_LAST);
}
END_TEST

START_TEST(what_comes_over_the_bus_goes_on_or_not)
{
    static const char goes_on[] = "{\"event\":\"open\",\"more\":true,\"node\":\"berlin\"}";
    static const char text[] = "{\"event\":\"message\",\"text\":\"\\\"more\\\":true\"}";
    ck_assert(answer_goes_on(goes_on, sizeof goes_on - 1));
    ck_assert(!answer_goes_on(text, sizeof text - 1));
    ck_assert(!answer_goes_on("", 0));
}
END_TEST

START_TEST(objects_are_made)
{
    static const char event[] = "{\"event\":\"open\"}";
    UT_string out;
    utstring_init(&out);
    answer_with_more(&out, event, sizeof event - 1);
    ck_assert_str_eq(utstring_body(&out), "{\"event\":\"open\",\"more\":true}");
    utstring_clear(&out);
    answer_error(&out, 0, "no \"x\"\n", false);
    ck_assert_str_eq(utstring_body(&out), "{\"time\":\"1970-01-01T00:00:00.000000Z\",\"event\":"
                                          "\"error\",\"error\":\"no \\\"x\\\"\\n\"}");
    utstring_clear(&out);
    answer_lost(&out, 0);
    ck_assert_str_eq(utstring_body(&out),
                     "{\"time\":\"1970-01-01T00:00:00.000000Z\",\"event\":"
                     "\"lost\",\"messages\":1,\"events\":0,\"more\":true}");
    utstring_done(&out);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {kinds_are_told_apart, no_text_passes_for_a_mark,
                                  what_comes_over_the_bus_goes_on_or_not, objects_are_made,
                                  NULL};
    return check_run("answer", tests);
}
