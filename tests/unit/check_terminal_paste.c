/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_paste.h"

#include <string.h>

#include "check_main.h"

static struct terminal_paste paste;
static UT_string out;

static void setup(void)
{
    terminal_paste_init(&paste);
    utstring_init(&out);
}

static void teardown(void)
{
    terminal_paste_finish(&paste);
    utstring_done(&out);
}

static bool wants(const char *line)
{
    return terminal_paste_wants(&paste, line, strlen(line));
}

static void add(const char *line)
{
    ck_assert(terminal_paste_add(&paste, line, strlen(line)));
}

static void runs(const char *line)
{
    const char *next = terminal_paste_next(&paste);
    if (line)
        ck_assert_str_eq(next, line);
    else
        ck_assert_ptr_null(next);
}

START_TEST(commands_wait_and_what_is_behind_them)
{
    ck_assert(!wants("text"));
    ck_assert(!wants(""));
    ck_assert(wants("/peers"));
    add("/peers");
    ck_assert(wants("text"));
}
END_TEST

START_TEST(they_are_shown_and_run_in_their_order)
{
    add("/name 1 \033x");
    add("");
    add("text");
    add("/peers");
    terminal_paste_ask(&paste, &out);
    ck_assert_str_eq(utstring_body(&out), "pasted, and not run yet:\n"
                                          "  /name 1 \\x1bx\n"
                                          "  /peers\n"
                                          "run them? y or n\n");
    ck_assert_int_eq(paste.state, TERMINAL_PASTE_ASKS);
    terminal_paste_answer(&paste, true);
    ck_assert_int_eq(paste.state, TERMINAL_PASTE_RUNS);
    runs("/name 1 \033x");
    runs("");
    runs("text");
    runs("/peers");
    runs(NULL);
    ck_assert_int_eq(paste.state, TERMINAL_PASTE_NONE);
}
END_TEST

START_TEST(without_yes_only_texts_run)
{
    add("/peers");
    add("text");
    add("//text");
    add("more");
    terminal_paste_answer(&paste, false);
    runs("text");
    runs("more");
    runs(NULL);
}
END_TEST

START_TEST(nothing_goes_to_a_target_that_was_not_chosen)
{
    add("/peers");
    add("for the old one");
    add("/to 3");
    add("for the new one");
    terminal_paste_answer(&paste, false);
    runs("for the old one");
    runs(NULL);
}
END_TEST

START_TEST(some_are_shown)
{
    for (unsigned i = 0; i < TERMINAL_PASTE_SHOWN + 5; i++)
        add("/peers");
    terminal_paste_ask(&paste, &out);
    ck_assert_ptr_nonnull(strstr(utstring_body(&out), "  and 5 more\n"));
}
END_TEST

START_TEST(it_has_a_bound)
{
    char line[4096] = "/";
    memset(line + 1, 'x', sizeof line - 2);
    unsigned kept = 0;
    while (terminal_paste_add(&paste, line, sizeof line - 1) && kept < TERMINAL_PASTE_MAX)
        kept++;
    ck_assert_uint_eq(kept, TERMINAL_PASTE_MAX / sizeof line);
    ck_assert_int_eq(paste.state, TERMINAL_PASTE_NONE);
    runs(NULL);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {commands_wait_and_what_is_behind_them,
                                  they_are_shown_and_run_in_their_order,
                                  without_yes_only_texts_run,
                                  nothing_goes_to_a_target_that_was_not_chosen,
                                  some_are_shown,
                                  it_has_a_bound,
                                  NULL};
    return check_run_with("terminal_paste", setup, teardown, tests);
}
