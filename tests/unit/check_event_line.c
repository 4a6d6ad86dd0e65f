/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/event_line.h"

#include <string.h>

#include "base/json_put.h"
#include "check_main.h"
#include "core/told.h"
#include "core/told_write.h"

#define TIME "{\"time\":\"2026-11-27T22:13:58.992745Z\",\"event\":"

static struct event_line read_line(const char *text)
{
    struct event_line line;
    ck_assert(event_line_read(&line, text, strlen(text)));
    return line;
}

START_TEST(a_line_tells_what_it_is_before_the_rest)
{
    struct event_line line = read_line(TIME "\"message\",\"seq\":173,\"peer\":1,\"size\":10}");
    ck_assert(event_line_is(&line, "message"));
    ck_assert(!event_line_is(&line, "messages"));
    ck_assert(!event_line_is(&line, "mess"));
    ck_assert_uint_eq(line.seq, 173);
    ck_assert(!line.replayed);
    ck_assert_uint_eq(line.again_size, 0);
    line = read_line(TIME "\"lost\",\"messages\":165,\"events\":2}");
    ck_assert(event_line_is(&line, "lost"));
    ck_assert_uint_eq(line.seq, 0);
    line = read_line(TIME "\"target\",\"peer\":null}");
    ck_assert_uint_eq(line.seq, 0);
}
END_TEST

START_TEST(one_that_is_told_again_can_be_made_what_it_was)
{
    const char *text =
        TIME "\"close\",\"seq\":18446744073709551615,\"replayed\":true,\"peer\":1}";
    struct event_line line = read_line(text);
    ck_assert(line.replayed);
    ck_assert_uint_eq(line.seq, UINT64_MAX);
    char first[200] = "";
    memcpy(first, text, line.again);
    strncat(first, text + line.again + line.again_size, sizeof first - strlen(first) - 1);
    ck_assert_str_eq(first, TIME "\"close\",\"seq\":18446744073709551615,\"peer\":1}");
}
END_TEST

START_TEST(what_telexd_writes_is_read)
{
    UT_string text;
    struct json json;
    struct told told = {.type = HUB_HALF_CLOSE, .seq = 42, .replayed = true, .peer.number = 7};
    utstring_init(&text);
    json_put_init(&json, &text);
    json_put_object_begin(&json, NULL);
    json_put_time(&json, "time", 0);
    json_put_string(&json, "event", "half-close");
    told_write(&json, &told);
    json_put_object_end(&json);
    struct event_line line = read_line(utstring_body(&text));
    ck_assert(event_line_is(&line, "half-close"));
    ck_assert_uint_eq(line.seq, 42);
    ck_assert(line.replayed);
    utstring_done(&text);
}
END_TEST

START_TEST(kinds_part_talk_from_all_else)
{
    static const struct {
        const char *text;
        enum subject_kind kind;
        bool is_message;
    } rows[] = {{TIME "\"message\",\"seq\":1}", SUBJECT_TALK, true},
                {TIME "\"sent\",\"seq\":1}", SUBJECT_TALK, true},
                {TIME "\"file\",\"seq\":1}", SUBJECT_TALK, false},
                {TIME "\"lost\"}", SUBJECT_LOST, false},
                {TIME "\"open\",\"seq\":1}", SUBJECT_LIFE, false},
                {TIME "\"sen\",\"seq\":1}", SUBJECT_LIFE, false},
                {TIME "\"\"}", SUBJECT_LIFE, false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct event_line line = read_line(rows[i].text);
        ck_assert_int_eq(event_line_kind(&line), rows[i].kind);
        ck_assert(event_line_is_message(&line) == rows[i].is_message);
    }
}
END_TEST

START_TEST(what_is_no_line_of_its_is_refused)
{
    static const char *const lines[] = {"",
                                        "x",
                                        "{}",
                                        "{\"time\":\"",
                                        "{\"time\":\"x\"}",
                                        TIME "message",
                                        TIME "\"message",
                                        TIME "\"message\",\"seq\":",
                                        TIME "\"message\",\"seq\":-1}",
                                        TIME "\"message\",\"seq\":18446744073709551616}"};
    for (size_t i = 0; i < COUNT(lines); i++) {
        struct event_line line;
        ck_assert_msg(!event_line_read(&line, lines[i], strlen(lines[i])), "%s", lines[i]);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_line_tells_what_it_is_before_the_rest,
                                  one_that_is_told_again_can_be_made_what_it_was,
                                  what_telexd_writes_is_read,
                                  kinds_part_talk_from_all_else,
                                  what_is_no_line_of_its_is_refused,
                                  NULL};
    return check_run("event_line", tests);
}
