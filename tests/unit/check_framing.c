/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "framing/framing.h"

#include <string.h>

#include "base/ut.h"
#include "check_main.h"

/* Of exactly that size: the sanitizer catches who reads one byte too many. */
static char *fill(size_t size, char byte)
{
    char *data = mem_alloc(size);
    memset(data, byte, size);
    return data;
}

static void check_next(enum framing framing, const char *text, bool end, size_t next,
                       bool partial)
{
    bool is_partial = !partial; /* must be set either way */
    char *data = fill(strlen(text), 'x');
    memcpy(data, text, strlen(text));
    ck_assert_msg(framing_next(framing, data, strlen(text), end, &is_partial) == next, "'%s'",
                  text);
    ck_assert_msg(is_partial == partial, "'%s'", text);
    free(data);
}

START_TEST(raw_takes_what_is_there)
{
    static const char *const texts[] = {"a", "a\n", "\n", "a\nb\nc", "a\r\n\r\n"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        check_next(FRAMING_RAW, texts[i], false, strlen(texts[i]), false);
        check_next(FRAMING_RAW, texts[i], true, strlen(texts[i]), false);
    }
}
END_TEST

START_TEST(line_ends_with_its_newline)
{
    static const struct {
        const char *text;
        size_t next;
    } cases[] = {{"\n", 1},   {"a\n", 2},    {"a\nb", 2},   {"a\nb\n", 2},
                 {"\n\n", 1}, {"a\r\nb", 3}, {"\r\r\n", 3}, {"abc\n\nd\n", 4}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        check_next(FRAMING_LINE, cases[i].text, false, cases[i].next, false);
        check_next(FRAMING_LINE, cases[i].text, true, cases[i].next, false);
    }
}
END_TEST

START_TEST(line_waits_for_its_newline)
{
    check_next(FRAMING_LINE, "a", false, 0, false);
    check_next(FRAMING_LINE, "a\r", false, 0, false);
}
END_TEST

START_TEST(the_rest_at_the_end_is_partial)
{
    check_next(FRAMING_LINE, "a", true, 1, true);
    check_next(FRAMING_LINE, "abc\r", true, 4, true);
}
END_TEST

START_TEST(nothing_is_no_message)
{
    for (enum framing framing = FRAMING_RAW; framing < FRAMING_COUNT; framing++) {
        check_next(framing, "", false, 0, false);
        check_next(framing, "", true, 0, false);
    }
}
END_TEST

START_TEST(a_nul_is_a_byte)
{
    bool partial;
    ck_assert_uint_eq(framing_next(FRAMING_LINE, "\0\0a\nb", 5, false, &partial), 4);
    ck_assert_uint_eq(framing_next(FRAMING_RAW, "\0\0a\nb", 5, false, &partial), 5);
}
END_TEST

START_TEST(raw_is_cut_at_the_most)
{
    static const size_t sizes[] = {65535, 65536, 65537, 200000};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        char *data = fill(sizes[i], 'x');
        bool partial = true;
        size_t expected = sizes[i] < 65536 ? sizes[i] : 65536;
        ck_assert_uint_eq(framing_next(FRAMING_RAW, data, sizes[i], false, &partial), expected);
        ck_assert(!partial);
        free(data);
    }
}
END_TEST

START_TEST(a_long_line_comes_in_pieces)
{
    static const struct {
        size_t size, newline; /* where it stands; == size: nowhere */
        size_t next;
        bool partial;
    } cases[] = {
        {65535, 65534, 65535, false}, {65535, 65535, 0, false},
        {65536, 65535, 65536, false}, {65536, 65536, 65536, true},
        {65537, 65536, 65536, true},  {65537, 65535, 65536, false},
        {65537, 65537, 65536, true},  {200000, 199999, 65536, true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *data = fill(cases[i].size, 'x');
        bool partial = !cases[i].partial;
        if (cases[i].newline < cases[i].size)
            data[cases[i].newline] = '\n';
        size_t next = framing_next(FRAMING_LINE, data, cases[i].size, false, &partial);
        ck_assert_msg(next == cases[i].next && partial == cases[i].partial, "case %zu: %zu", i,
                      next);
        free(data);
    }
}
END_TEST

/* --- whatever the cuts, no byte is lost, doubled or moved --- */

enum { INPUT = 300000 };

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* Runs of random length: short lines, empty ones, and now and then one over the most. */
static char *make_input(uint32_t *random)
{
    char *input = fill(INPUT, 'x');
    for (size_t i = 0; i < INPUT; i++)
        input[i] = (char)('a' + next_random(random) % 26);
    size_t at = 0;
    while (at < INPUT) {
        input[at] = '\n';
        bool is_long = next_random(random) % 8 == 0;
        at += 1 + next_random(random) % (is_long ? 150000 : 3000) / (1 + at % 7);
    }
    return input;
}

static void check_message(enum framing framing, const char *data, size_t size, bool partial,
                          bool last)
{
    const char *newline = memchr(data, '\n', size);
    ck_assert_uint_ge(size, 1);
    ck_assert_uint_le(size, FRAMING_MESSAGE_MAX);
    if (framing == FRAMING_RAW)
        ck_assert(!partial);
    else if (partial)
        ck_assert(!newline && (last || size == FRAMING_MESSAGE_MAX));
    else
        ck_assert_ptr_eq(newline, data + size - 1);
}

/* Takes messages off buffer while there are any, onto output. */
static size_t take_all(enum framing framing, UT_string *output, const char *buffer, size_t size,
                       bool end)
{
    size_t taken = 0, next;
    bool partial;
    while ((next = framing_next(framing, buffer + taken, size - taken, end, &partial)) > 0) {
        ck_assert_uint_le(next, size - taken);
        check_message(framing, buffer + taken, next, partial, end && taken + next == size);
        utstring_bincpy(output, buffer + taken, next);
        taken += next;
    }
    ck_assert_uint_lt(size - taken, FRAMING_MESSAGE_MAX);
    return taken;
}

static void check_cuts(enum framing framing, const char *input, uint32_t *random)
{
    UT_string output;
    size_t begin = 0, end = 0; /* what has come and was not taken */
    utstring_init(&output);
    while (end < INPUT) {
        size_t piece = 1 + next_random(random) % (next_random(random) % 2 ? 70000 : 500);
        end = piece < INPUT - end ? end + piece : INPUT;
        begin += take_all(framing, &output, input + begin, end - begin, false);
    }
    begin += take_all(framing, &output, input + begin, end - begin, true);
    ck_assert_uint_eq(begin, INPUT);
    ck_assert_uint_eq(utstring_len(&output), INPUT);
    ck_assert(memcmp(utstring_body(&output), input, INPUT) == 0);
    utstring_done(&output);
}

START_TEST(messages_make_up_the_input)
{
    uint32_t random = 1;
    for (int i = 0; i < 10; i++) {
        char *input = make_input(&random);
        check_cuts(FRAMING_RAW, input, &random);
        check_cuts(FRAMING_LINE, input, &random);
        free(input);
    }
}
END_TEST

/* The cuts between the pieces that come must not show in lines. */
START_TEST(lines_are_the_same_for_all_cuts)
{
    static const char input[] = "one\n\ntwo\r\nthree";
    enum { SIZE = sizeof input - 1 };
    for (size_t cut = 0; cut <= SIZE; cut++) {
        UT_string output;
        size_t begin = 0, next;
        bool partial;
        utstring_init(&output);
        for (size_t end = cut;; end = SIZE) {
            while ((next = framing_next(FRAMING_LINE, input + begin, end - begin, end == SIZE,
                                        &partial)) > 0) {
                utstring_printf(&output, "%.*s%s", (int)next, input + begin,
                                partial ? "?" : "|");
                begin += next;
            }
            if (end == SIZE)
                break;
        }
        ck_assert_str_eq(utstring_body(&output), "one\n|\n|two\r\n|three?");
        utstring_done(&output);
    }
}
END_TEST

/* --- words --- */

START_TEST(has_names)
{
    static const char *const wrong[] = {"", "Raw", "lines", "ra", "raw ", "none"};
    enum framing framing;
    char *error = NULL;
    ck_assert(framing_parse("raw", &framing, &error) && framing == FRAMING_RAW);
    ck_assert(framing_parse("line", &framing, &error) && framing == FRAMING_LINE);
    ck_assert_str_eq(framing_name(FRAMING_RAW), "raw");
    ck_assert_str_eq(framing_name(FRAMING_LINE), "line");
    for (size_t i = 0; i < COUNT(wrong); i++) {
        ck_assert(!framing_parse(wrong[i], &framing, &error));
        char *expected = mem_printf("unknown framing '%s': use raw or line", wrong[i]);
        check_error(error, expected);
        free(expected);
    }
    ck_assert_int_eq(framing, FRAMING_LINE);
    ck_assert(!framing_parse("\x1b[H", &framing, &error));
    check_error(error, "unknown framing '\\x1b[H': use raw or line");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {raw_takes_what_is_there,
                                  line_ends_with_its_newline,
                                  line_waits_for_its_newline,
                                  the_rest_at_the_end_is_partial,
                                  nothing_is_no_message,
                                  a_nul_is_a_byte,
                                  raw_is_cut_at_the_most,
                                  a_long_line_comes_in_pieces,
                                  messages_make_up_the_input,
                                  lines_are_the_same_for_all_cuts,
                                  has_names,
                                  NULL};
    return check_run("framing", tests);
}
