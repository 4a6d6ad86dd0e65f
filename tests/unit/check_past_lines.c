/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/past_lines.h"

#include <stdio.h>
#include <string.h>

#include "base/ut.h"
#include "check_main.h"

static struct past_lines lines;
static UT_string shown;

static void setup(void)
{
    lines = (struct past_lines){.most = 2};
    utstring_init(&shown);
}

static void teardown(void)
{
    past_lines_finish(&lines);
    utstring_done(&shown);
}

static void add(char *owner, const char *event, const char *text)
{
    char line[200];
    const int size =
        snprintf(line, sizeof line,
                 "{\"time\":\"\",\"event\":\"%s\",\"seq\":1,\"text\":\"%s\"}", event, text);
    past_lines_add(&lines, owner, line, (size_t)size);
}

static void show(void *owner, const char *text, size_t size)
{
    const char *said = memmem(text, size, "text", 4);
    utstring_printf(&shown, "%s: %c ", (char *)owner, said[strlen("text\":\"")]);
}

static void tells(const char *expected)
{
    past_lines_tell(&lines, show);
    ck_assert_str_eq(utstring_body(&shown), expected);
    utstring_clear(&shown);
}

START_TEST(the_last_are_kept_in_their_order)
{
    static char berlin[] = "berlin", paris[] = "paris";
    tells("");
    add(berlin, "message", "1");
    add(paris, "message", "2");
    add(berlin, "sent", "3");
    tells("paris: 2 berlin: 3 ");
    tells("");
}
END_TEST

START_TEST(what_is_no_message_takes_no_room)
{
    static char berlin[] = "berlin";
    add(berlin, "message", "1");
    add(berlin, "open", "\\\"event\\\":\\\"message\\\"");
    add(berlin, "file", "3");
    past_lines_add(&lines, berlin, "no", 2);
    ck_assert_uint_eq(lines.count, 1);
    tells("berlin: 1 ");
}
END_TEST

START_TEST(none_are_kept_where_none_are_wanted)
{
    static char berlin[] = "berlin";
    lines.most = 0;
    add(berlin, "message", "1");
    tells("");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_last_are_kept_in_their_order,
                                  what_is_no_message_takes_no_room,
                                  none_are_kept_where_none_are_wanted, NULL};
    return check_run_with("past_lines", setup, teardown, tests);
}
