/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/lines.h"

#include <string.h>

#include "check_main.h"

static struct lines lines;
static const char *line;
static size_t size;

static void setup(void)
{
    lines_init(&lines);
}

static void teardown(void)
{
    lines_finish(&lines);
}

static void add(const char *text)
{
    lines_add(&lines, text, strlen(text));
}

static void add_many(char byte, size_t count)
{
    char *data = mem_alloc(count);
    memset(data, byte, count);
    lines_add(&lines, data, count);
    free(data);
}

static void expect(enum lines_result result, const char *text)
{
    ck_assert_int_eq(result, LINES_LINE);
    ck_assert_uint_eq(size, strlen(text));
    ck_assert_mem_eq(line, text, size);
}

#define NEXT(text) expect(lines_next(&lines, &line, &size), text)
#define LAST(text) expect(lines_last(&lines, &line, &size), text)
#define NO_NEXT() ck_assert_int_eq(lines_next(&lines, &line, &size), LINES_NONE)
#define NO_LAST() ck_assert_int_eq(lines_last(&lines, &line, &size), LINES_NONE)

START_TEST(cuts_at_newlines_only)
{
    add("one\r\n\n three ");
    NEXT("one\r");
    NEXT("");
    NO_NEXT();
    add("four\nfive");
    NEXT(" three four");
    NO_NEXT();
    LAST("five");
    NO_LAST();
}
END_TEST

START_TEST(keeps_nul_and_any_byte)
{
    lines_add(&lines, "a\0b\xff\n", 5);
    ck_assert_int_eq(lines_next(&lines, &line, &size), LINES_LINE);
    ck_assert_uint_eq(size, 4);
    ck_assert_mem_eq(line, "a\0b\xff", 4);
}
END_TEST

START_TEST(knows_what_is_not_taken_yet)
{
    lines_add(&lines, "one\ntwo", 7);
    ck_assert_uint_eq(lines_size(&lines), 7);
    NEXT("one");
    ck_assert_uint_eq(lines_size(&lines), 3);
    LAST("two");
    ck_assert_uint_eq(lines_size(&lines), 0);
}
END_TEST

START_TEST(last_takes_whole_lines_first)
{
    add("one\ntwo");
    LAST("one");
    LAST("two");
    NO_LAST();
}
END_TEST

START_TEST(nothing_is_no_line)
{
    NO_LAST();
    add("\n");
    LAST("");
    NO_LAST();
}
END_TEST

START_TEST(the_limit_may_be_another)
{
    lines.most = 3;
    add("abc\nabcd\n");
    NEXT("abc");
    ck_assert_int_eq(lines_next(&lines, &line, &size), LINES_TOO_LONG);
}
END_TEST

START_TEST(takes_a_line_of_just_the_limit)
{
    add_many('x', LINES_MAX);
    NO_NEXT();
    add("\nnext\n");
    ck_assert_int_eq(lines_next(&lines, &line, &size), LINES_LINE);
    ck_assert_uint_eq(size, LINES_MAX);
    NEXT("next");
}
END_TEST

START_TEST(says_too_long_once_and_goes_on)
{
    for (int i = 0; i < 5; i++) {
        add_many('x', LINES_MAX);
        NO_NEXT();
    }
    add("tail\nnext\n");
    ck_assert_int_eq(lines_next(&lines, &line, &size), LINES_TOO_LONG);
    NEXT("next");
    NO_NEXT();
}
END_TEST

START_TEST(too_long_in_one_piece)
{
    char *data = mem_alloc(LINES_MAX + 7);
    memset(data, 'x', LINES_MAX + 7);
    memcpy(data + LINES_MAX + 1, "\nnext\n", 6);
    lines_add(&lines, data, LINES_MAX + 7);
    free(data);
    ck_assert_int_eq(lines_next(&lines, &line, &size), LINES_TOO_LONG);
    NEXT("next");
}
END_TEST

START_TEST(a_last_line_may_be_too_long)
{
    add_many('x', LINES_MAX + 1);
    ck_assert_int_eq(lines_last(&lines, &line, &size), LINES_TOO_LONG);
    NO_LAST();
}
END_TEST

START_TEST(a_skipped_line_holds_no_memory)
{
    for (int i = 0; i < 16; i++) {
        add_many('x', LINES_MAX);
        NO_NEXT();
    }
    ck_assert_uint_le(lines.pending.n, 4 * LINES_MAX);
    add("\n");
    ck_assert_int_eq(lines_next(&lines, &line, &size), LINES_TOO_LONG);
    add("x");
    ck_assert_uint_le(lines.pending.n, 64 << 10);
}
END_TEST

/* A byte at a time, as a slow hand or a bad peer would have it. */
START_TEST(many_small_pieces_are_cheap)
{
    enum { PIECES = 1 << 17 };
    for (int i = 0; i < PIECES; i++) {
        lines_add(&lines, "x", 1);
        if (lines_next(&lines, &line, &size) != LINES_NONE)
            ck_abort_msg("a line after %d bytes", i);
    }
    add("\n");
    ck_assert_int_eq(lines_next(&lines, &line, &size), LINES_LINE);
    ck_assert_uint_eq(size, PIECES);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {cuts_at_newlines_only,
                                  keeps_nul_and_any_byte,
                                  knows_what_is_not_taken_yet,
                                  last_takes_whole_lines_first,
                                  nothing_is_no_line,
                                  the_limit_may_be_another,
                                  takes_a_line_of_just_the_limit,
                                  says_too_long_once_and_goes_on,
                                  too_long_in_one_piece,
                                  a_last_line_may_be_too_long,
                                  a_skipped_line_holds_no_memory,
                                  many_small_pieces_are_cheap,
                                  NULL};
    return check_run_with("lines", setup, teardown, tests);
}
