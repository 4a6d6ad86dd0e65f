/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_echo.h"

#include <string.h>

#include "check_main.h"
#include "command/command.h"

static struct terminal_echo echo;
static UT_string out;
static struct console console;

static void setup(void)
{
    echo = (struct terminal_echo){0};
    utstring_init(&out);
    console = (struct console){.session = {.commands = command_table, .target = 1}};
}

static void teardown(void)
{
    terminal_echo_finish(&echo);
    utstring_done(&out);
}

static void enter(const char *prompt, const char *line)
{
    terminal_echo_add(&echo, prompt, line, strlen(line));
}

static void shows(enum console_answer answer, const char *rows)
{
    utstring_clear(&out);
    terminal_echo_answer(&echo, answer, &out);
    ck_assert_str_eq(utstring_body(&out), rows);
}

static bool wanted(const char *line)
{
    return terminal_echo_wanted(&console, line, strlen(line));
}

START_TEST(what_was_sent_takes_the_place)
{
    enter("#1> ", "hello");
    ck_assert(terminal_echo_waits(&echo));
    shows(CONSOLE_ANSWER_SENT, "");
    ck_assert(!terminal_echo_waits(&echo));
    shows(CONSOLE_ANSWER_SENT, ""); /* to another peer */
    shows(CONSOLE_ANSWER_LAST, "");
    ck_assert_uint_eq(echo.count, 0);
}
END_TEST

START_TEST(what_was_refused_is_shown_above_the_error)
{
    enter("#1> ", "a\033b");
    shows(CONSOLE_ANSWER_MORE, "#1> a\\x1bb\n");
    shows(CONSOLE_ANSWER_LAST, "");
    ck_assert_uint_eq(echo.count, 0);
}
END_TEST

START_TEST(lines_are_answered_in_their_order)
{
    enter("> ", "first");
    enter(NULL, "/peers");
    enter("> ", "third");
    shows(CONSOLE_ANSWER_SENT, "");
    shows(CONSOLE_ANSWER_LAST, "");
    shows(CONSOLE_ANSWER_LAST, ""); /* it stands on the screen */
    shows(CONSOLE_ANSWER_LAST, "> third\n");
    shows(CONSOLE_ANSWER_LAST, ""); /* of no line */
}
END_TEST

START_TEST(nobody_answers_any_more)
{
    enter("> ", "first");
    enter("> ", "second");
    shows(CONSOLE_ANSWER_NONE, "> first\n> second\n");
    ck_assert_uint_eq(echo.count, 0);
}
END_TEST

START_TEST(what_waits_long_is_shown_once)
{
    enter("> ", "first");
    terminal_echo_show(&echo, &out);
    ck_assert_str_eq(utstring_body(&out), "> first\n");
    ck_assert(!terminal_echo_waits(&echo));
    shows(CONSOLE_ANSWER_LAST, "");
}
END_TEST

START_TEST(it_has_a_bound)
{
    char text[2 * TERMINAL_ECHO_TEXT_MAX] = "";
    memset(text, 'x', sizeof text - 1);
    for (unsigned i = 0; i < 2 * TERMINAL_ECHO_MAX; i++)
        enter("> ", text);
    ck_assert_uint_eq(echo.count, TERMINAL_ECHO_MAX);
    terminal_echo_answer(&echo, CONSOLE_ANSWER_LAST, &out);
    ck_assert_uint_eq(utstring_len(&out), TERMINAL_ECHO_TEXT_MAX + strlen("> …\n"));
}
END_TEST

START_TEST(texts_are_wanted)
{
    ck_assert(wanted("hello"));
    ck_assert(wanted(""));
    ck_assert(wanted("//x"));
    ck_assert(wanted("/@x"));
    ck_assert(wanted("@3 hello"));
    ck_assert(wanted("/sen 3 hello"));
    ck_assert(!wanted("/bytes 3 de ad")); /* what is shown is not what was typed */
    ck_assert(!wanted("/peers"));
    ck_assert(!wanted("/nonsense"));
    console.session.target = 0;
    ck_assert(!wanted("hello"));
    ck_assert(wanted("@3 hello"));
}
END_TEST

START_TEST(only_where_its_text_is_shown)
{
    console.session.view = VIEW_HEX;
    ck_assert(wanted("hello"));
    console.session.view = VIEW_SIZE;
    ck_assert(!wanted("hello"));
    console.session.view = VIEW_TEXT;
    console.session.read_only = true;
    ck_assert(!wanted("hello"));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {what_was_sent_takes_the_place,
                                  what_was_refused_is_shown_above_the_error,
                                  lines_are_answered_in_their_order,
                                  nobody_answers_any_more,
                                  what_waits_long_is_shown_once,
                                  it_has_a_bound,
                                  texts_are_wanted,
                                  only_where_its_text_is_shown,
                                  NULL};
    return check_run_with("terminal_echo", setup, teardown, tests);
}
