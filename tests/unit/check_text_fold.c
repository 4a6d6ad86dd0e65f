/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/text_fold.h"

#include <string.h>

#include "base/escape.h"
#include "check_main.h"
#include "console/text_cells.h"

static UT_string out;

static void setup(void)
{
    utstring_init(&out);
}

static void teardown(void)
{
    utstring_done(&out);
}

static void folds(const char *line, const struct text_fold *how, const char *rows)
{
    utstring_clear(&out);
    ck_assert_uint_eq(text_fold(&out, line, strlen(line), how), strlen(line));
    ck_assert_str_eq(utstring_body(&out), rows);
}

START_TEST(leaves_the_last_column_free)
{
    folds("", &(struct text_fold){.columns = 10}, "");
    folds("123456789", &(struct text_fold){.columns = 10}, "123456789");
    folds("1234567890", &(struct text_fold){.columns = 10}, "123456789\n| 0");
    folds("1234567890abcdefghij", &(struct text_fold){.columns = 10},
          "123456789\n| 0abcdef\n| ghij");
}
END_TEST

START_TEST(has_a_gutter_as_wide_as_the_terminal_bears)
{
    ck_assert_str_eq(text_gutter(20), "| ");
    ck_assert_str_eq(text_gutter(39), "| ");
    ck_assert_str_eq(text_gutter(40), "  | ");
    ck_assert_str_eq(text_gutter(200), "  | ");
}
END_TEST

START_TEST(cuts_nothing_in_two)
{
    const struct text_fold how = {.columns = 10};
    folds("12345678中", &how, "12345678\n| 中");
    folds("1234567中", &how, "1234567中");
    folds("123456789\xcc\x81", &how, "123456789\xcc\x81");
    folds("12345678e\xcc\x81\xcc\x83z", &how, "12345678e\xcc\x81\xcc\x83\n| z");
    folds("123456\\x1bz", &how, "123456\n| \\x1bz");
    folds("12345678\\\\z", &how, "12345678\n| \\\\z");
    folds("12345678\x1b[31m90\x1b[0m", &how, "12345678\x1b[31m9\n| 0\x1b[0m");
    folds("123456789\x1b[0m", &how, "123456789\x1b[0m");
    /* Longer than any row: then it is cut after all. */
    folds("\\U000e0001", &how, "\\U000e000\n| 1");
}
END_TEST

START_TEST(breaks_between_words)
{
    const struct text_fold how = {.columns = 12};
    folds("one two three", &how, "one two \n| three");
    folds("one two thr", &how, "one two thr");
    folds("seven eight nine", &how, "seven eight \n| nine"); /* the blank needs no cell */
    folds("seven eight  nine", &how, "seven eight \n|  nine");
    folds("one twothreefourfive", &how, "one \n| twothreef\n| ourfive");
    folds("a threefourfive", &how, "a threefour\n| five"); /* the gutter takes as much */
    folds("\x1b[33mone two three\x1b[0m", &how, "\x1b[33mone two \n| three\x1b[0m");
    folds("one two three four five six", &how, "one two \n| three \n| four five \n| six");
    folds("one two three", &(struct text_fold){.columns = 12, .message = true},
          "one two thr\n| ee");
}
END_TEST

START_TEST(shows_lines_where_asked)
{
    folds("a\\nb\\n", &(struct text_fold){.columns = 80}, "a\\nb\\n");
    const struct text_fold how = {.columns = 80, .message = true};
    folds("a\\nb\\n", &how, "a\\n\n  | b\\n");
    folds("\\n\\n", &how, "\\n\n  | \\n");
    folds("a\\\\nb", &how, "a\\\\nb"); /* a backslash and an n */
    folds("a\\n\x1b[0m", &how, "a\\n\x1b[0m");
    folds("1234567\\nb", &(struct text_fold){.columns = 10, .message = true},
          "1234567\\n\n| b");
    folds("12345678\\nb", &(struct text_fold){.columns = 10, .message = true},
          "12345678\n| \\n\n| b");
}
END_TEST

START_TEST(makes_no_more_rows_than_told)
{
    const struct text_fold how = {.columns = 10, .rows = 2};
    folds("1234567890abcdef", &how, "123456789\n| 0abcdef");
    utstring_clear(&out);
    ck_assert_uint_eq(text_fold(&out, "1234567890abcdefg", 17, &how), 16);
    ck_assert_str_eq(utstring_body(&out), "123456789\n| 0abcdef");
    utstring_clear(&out);
    ck_assert_uint_eq(text_fold(&out, "12345678中文", 14,
                                &(struct text_fold){.columns = 10, .rows = 1, .message = true}),
                      8);
    ck_assert_str_eq(utstring_body(&out), "12345678");
}
END_TEST

START_TEST(folds_line_by_line)
{
    static const char lines[] = "short\n1234567890\n\n中文中文中\n";
    text_fold_lines(&out, lines, strlen(lines), 10);
    ck_assert_str_eq(utstring_body(&out), "short\n123456789\n| 0\n\n中文中文\n| 中\n");
    /* What is folded stays as it is. */
    char *rows = mem_strdup(utstring_body(&out));
    utstring_clear(&out);
    text_fold_lines(&out, rows, strlen(rows), 10);
    ck_assert_str_eq(utstring_body(&out), rows);
    free(rows);
}
END_TEST

/* Checks the rows, and returns the line that they are, malloc'ed. */
static char *unfold(const char *rows, const struct text_fold *how)
{
    const char *gutter = text_gutter(how->columns);
    UT_string line;
    utstring_init(&line);
    for (unsigned i = 0;; i++) {
        size_t size = strcspn(rows, "\n"), fits;
        bool blank = size > 0 && rows[size - 1] == ' ';
        ck_assert_uint_lt(text_fit(rows, size - blank, 1000, &fits), how->columns);
        if (i > 0) {
            ck_assert_msg(strncmp(rows, gutter, strlen(gutter)) == 0, "row %u: %s", i, rows);
            rows += strlen(gutter);
            size -= strlen(gutter);
        }
        utstring_bincpy(&line, rows, size);
        if (rows[size] == '\0')
            return utstring_body(&line);
        rows += size + 1;
    }
}

static size_t random_bytes(char *data, size_t most)
{
    static const char *const traps[] = {"\x1b[2J", "\xe2\x80\xae",     "\n",
                                        "\\",      "\xcc\x81",         "\xe4\xb8\xad",
                                        "\t",      "\xf0\x9f\x98\x80", " "};
    size_t size = 0, wanted = (size_t)rand() % most;
    while (size + 8 < wanted) {
        const char *trap = traps[(size_t)rand() % (sizeof traps / sizeof *traps)];
        if (rand() % 2)
            size += (size_t)snprintf(data + size, most - size, "%s", trap);
        else
            data[size++] = (char)rand();
    }
    return size;
}

START_TEST(rows_are_the_line)
{
    static char data[400];
    UT_string line;
    utstring_init(&line);
    srand(1);
    for (int i = 0; i < 3000; i++) {
        struct text_fold how = {.columns = 5 + (unsigned)rand() % 100, .message = rand() % 2};
        utstring_clear(&line);
        utstring_clear(&out);
        escape_bytes(&line, data, random_bytes(data, sizeof data));
        size_t size = utstring_len(&line);
        ck_assert_uint_eq(text_fold(&out, utstring_body(&line), size, &how), size);
        char *back = unfold(utstring_body(&out), &how);
        ck_assert_str_eq(back, utstring_body(&line));
        free(back);
    }
    utstring_done(&line);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {leaves_the_last_column_free,
                                  has_a_gutter_as_wide_as_the_terminal_bears,
                                  cuts_nothing_in_two,
                                  breaks_between_words,
                                  shows_lines_where_asked,
                                  makes_no_more_rows_than_told,
                                  folds_line_by_line,
                                  rows_are_the_line,
                                  NULL};
    return check_run_with("text_fold", setup, teardown, tests);
}
