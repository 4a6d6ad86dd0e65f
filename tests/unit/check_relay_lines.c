/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/relay_lines.h"

#include <string.h>

#include "check_main.h"

static struct relay_lines lines;
static UT_string out;

static void setup(void)
{
    lines = (struct relay_lines){0};
    utstring_init(&out);
}

static void teardown(void)
{
    utstring_done(&out);
}

static enum relay_kind take(const char *line)
{
    utstring_clear(&out);
    return relay_lines_take(&lines, &out, line, strlen(line));
}

static void send_text(const char *text)
{
    relay_lines_sent(&lines, text, strlen(text));
}

#define OUT(expected) ck_assert_str_eq(utstring_body(&out), expected)

START_TEST(events_go_through)
{
    const char *open = "{\"time\":\"x\",\"event\":\"open\",\"peer\":1}";
    ck_assert_int_eq(take(open), RELAY_EVENT);
    OUT(open);
    ck_assert_int_eq(take("{\"time\":\"x\",\"event\":\"message\",\"text\":\"a\"}"),
                     RELAY_MESSAGE);
    ck_assert_int_eq(take("{\"time\":\"x\",\"event\":\"sent\"}"), RELAY_MESSAGE);
    ck_assert_int_eq(take("{\"time\":\"x\",\"event\":\"error\",\"error\":\"x\"}"), RELAY_EVENT);
    ck_assert_int_eq(take("nonsense"), RELAY_EVENT);
}
END_TEST

START_TEST(what_a_peer_says_is_no_answer)
{
    const char *sly =
        "{\"event\":\"message\",\"text\":\"\\\"event\\\":\\\"result\\\",\\\"input\\\":1\"}";
    lines.own = 1;
    ck_assert_int_eq(take(sly), RELAY_MESSAGE);
    OUT(sly);
}
END_TEST

START_TEST(own_lines_are_not_counted)
{
    lines.own = 2;
    send_text("/peers\n");
    ck_assert_int_eq(take("{\"event\":\"result\",\"input\":1,\"command\":\"view\"}"),
                     RELAY_OWN);
    ck_assert_int_eq(take("{\"event\":\"result\",\"input\":2,\"peers\":[],\"more\":true}"),
                     RELAY_OWN);
    ck_assert_int_eq(take("{\"event\":\"result\",\"input\":2,\"peers\":[]}"), RELAY_OWN_LAST);
    ck_assert(!relay_lines_done(&lines));
    ck_assert_int_eq(take("{\"event\":\"result\",\"input\":3,\"command\":\"peers\"}"),
                     RELAY_ANSWER);
    OUT("{\"event\":\"result\",\"input\":1,\"command\":\"peers\"}");
    ck_assert(relay_lines_done(&lines));
}
END_TEST

START_TEST(an_own_line_may_fail)
{
    lines.own = 1;
    ck_assert_int_eq(take("{\"event\":\"error\",\"error\":\"no\",\"input\":1}"), RELAY_FAILED);
    send_text("x\n");
    ck_assert_int_eq(take("{\"event\":\"error\",\"error\":\"no\",\"input\":2}"), RELAY_ANSWER);
    OUT("{\"event\":\"error\",\"error\":\"no\",\"input\":1}");
}
END_TEST

START_TEST(an_answer_of_many_pieces_is_one)
{
    send_text("/peers\n");
    ck_assert_int_eq(take("{\"event\":\"result\",\"input\":1,\"peers\":[],\"more\":true}"),
                     RELAY_ANSWER);
    ck_assert(!relay_lines_done(&lines));
    ck_assert_int_eq(take("{\"event\":\"result\",\"input\":1,\"peers\":[]}"), RELAY_ANSWER);
    ck_assert(relay_lines_done(&lines));
}
END_TEST

START_TEST(what_stands_behind_the_input_is_its_end)
{
    send_text("/pe");
    send_text("ers\n\n\n");
    ck_assert_int_eq(take("{\"event\":\"result\",\"input\":1}"), RELAY_ANSWER);
    ck_assert_int_eq(take("{\"event\":\"result\",\"input\":4,\"command\":\"quit\"}"),
                     RELAY_END);
}
END_TEST

START_TEST(without_input_the_end_is_the_first_answer)
{
    ck_assert(relay_lines_done(&lines));
    lines.own = 1;
    ck_assert_int_eq(take("{\"event\":\"result\",\"input\":2,\"command\":\"quit\"}"),
                     RELAY_END);
}
END_TEST

START_TEST(a_line_without_its_newline_is_asked)
{
    send_text("a\nb");
    ck_assert(lines.begun);
    ck_assert_uint_eq(lines.asked, 2);
    send_text("\n");
    ck_assert(!lines.begun);
    ck_assert_uint_eq(lines.ended, 2);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {events_go_through,
                                  what_a_peer_says_is_no_answer,
                                  own_lines_are_not_counted,
                                  an_own_line_may_fail,
                                  an_answer_of_many_pieces_is_one,
                                  what_stands_behind_the_input_is_its_end,
                                  without_input_the_end_is_the_first_answer,
                                  a_line_without_its_newline_is_asked,
                                  NULL};
    return check_run_with("relay_lines", setup, teardown, tests);
}
