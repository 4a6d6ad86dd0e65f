/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/node_line.h"

#include <string.h>

#include "check_main.h"

static void check(struct node_line line, const char *text, const char *expected)
{
    UT_string out;
    utstring_init(&out);
    line.node = "berlin";
    node_line_write(&out, &line, text, strlen(text));
    ck_assert_str_eq(utstring_body(&out), expected);
    utstring_done(&out);
}

START_TEST(an_event_says_whose_it_is)
{
    check((struct node_line){0}, "{\"event\":\"open\",\"peer\":1}",
          "{\"event\":\"open\",\"peer\":1,\"node\":\"berlin\"}\n");
    check((struct node_line){.past = true}, "{\"event\":\"message\",\"text\":\"a\"} ",
          "{\"event\":\"message\",\"text\":\"a\",\"replayed\":true,\"node\":\"berlin\"}\n");
}
END_TEST

START_TEST(an_answer_has_our_number)
{
    check((struct node_line){.input = 7}, "{\"event\":\"result\",\"input\":123,\"peers\":[]}",
          "{\"event\":\"result\",\"input\":7,\"peers\":[],\"node\":\"berlin\"}\n");
    check((struct node_line){.input = 7, .more = true}, "{\"event\":\"error\",\"error\":\"x\"}",
          "{\"event\":\"error\",\"error\":\"x\",\"input\":7,\"more\":true,\"node\":\"berlin\"}"
          "\n");
    check((struct node_line){.input = 7},
          "{\"event\":\"error\",\"error\":\"\\\"input\\\":5\",\"input\":5}",
          "{\"event\":\"error\",\"error\":\"\\\"input\\\":5\",\"input\":7,\"node\":\"berlin\"}"
          "\n");
}
END_TEST

START_TEST(what_is_no_object_is_left_out)
{
    check((struct node_line){0}, "", "");
    check((struct node_line){0}, "{", "");
    check((struct node_line){0}, "[]", "");
    check((struct node_line){0}, "no", "");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {an_event_says_whose_it_is, an_answer_has_our_number,
                                  what_is_no_object_is_left_out, NULL};
    return check_run("node_line", tests);
}
