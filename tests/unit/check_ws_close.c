/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "websocket/ws_close.h"

#include <string.h>

#include "check_main.h"

static struct ws_close end;
static unsigned code;

static const char *read_code(unsigned value)
{
    const char body[2] = {(char)(value >> 8), (char)value};
    return ws_close_read(body, sizeof body, &end, &code);
}

START_TEST(codes_that_may_be_sent)
{
    static const unsigned good[] = {1000, 1001, 1002, 1003, 1007, 1008, 1009,
                                    1010, 1011, 1014, 3000, 3999, 4000, 4999};
    static const unsigned bad[] = {0,    999,  1004, 1005, 1006, 1015,
                                   1016, 1100, 2000, 2999, 5000, 65535};
    for (size_t i = 0; i < COUNT(good); i++)
        ck_assert_msg(!read_code(good[i]) && end.code == good[i], "%u", good[i]);
    for (size_t i = 0; i < COUNT(bad); i++)
        ck_assert_msg(read_code(bad[i]) && code == 1002, "%u", bad[i]);
}
END_TEST

START_TEST(a_body_is_whole_or_not_there)
{
    ck_assert_ptr_null(ws_close_read("", 0, &end, &code));
    ck_assert_uint_eq(end.code, WS_CODE_NONE);
    ck_assert_str_eq(ws_close_read("\3", 1, &end, &code), "half a close code");
    ck_assert_str_eq(ws_close_read("\3\350\377", 3, &end, &code),
                     "a close reason that is no UTF-8");
}
END_TEST

static void reads_as(const char *body, size_t size, const char *words)
{
    ck_assert_ptr_null(ws_close_read(body, size, &end, &code));
    char *text = ws_close_text(&end);
    if (words)
        ck_assert_str_eq(text, words);
    else
        ck_assert_ptr_null(text);
    free(text);
}

START_TEST(what_people_read)
{
    reads_as("", 0, NULL);
    reads_as("\3\350", 2, NULL);
    reads_as("\3\350done", 6, "1000 (normal end): done");
    reads_as("\3\351", 2, "1001 (going away)");
    reads_as("\17\240", 2, "4000");
    reads_as("\17\240\33[2J", 6, "4000: \\x1b[2J");
}
END_TEST

START_TEST(some_codes_are_failures)
{
    static const unsigned fine[] = {0, 1000, 1001, 1005, 3000, 4999};
    static const unsigned failures[] = {1002, 1003, 1007, 1011, 1014};
    for (size_t i = 0; i < COUNT(fine); i++)
        ck_assert_msg(!ws_close_is_failure(fine[i]), "%u", fine[i]);
    for (size_t i = 0; i < COUNT(failures); i++)
        ck_assert_msg(ws_close_is_failure(failures[i]), "%u", failures[i]);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {codes_that_may_be_sent, a_body_is_whole_or_not_there,
                                  what_people_read, some_codes_are_failures, NULL};
    return check_run("ws_close", tests);
}
