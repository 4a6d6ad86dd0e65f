/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_ask.h"

#include <string.h>

#include "check_main.h"
#include "command/command.h"
#include "console/console.h"

static struct console console;
static struct terminal_ask ask;
static unsigned present;

static void peers(const struct directory *directory, directory_visit *visit, void *context)
{
    const struct who who = {.number = 1};
    (void)directory;
    for (unsigned i = 0; i < present; i++)
        visit(context, &who);
}

static const struct directory directory = {.peers = peers};

static void setup(void)
{
    present = 12;
    ask = (struct terminal_ask){0};
    console = (struct console){
        .session = {.commands = command_table}, .directory = &directory, .leaving_ends = true};
}

static enum terminal_ask_what of(const char *line)
{
    return terminal_ask_line(&console, line, strlen(line));
}

START_TEST(lines_that_end_all)
{
    ck_assert_int_eq(of("/quit"), TERMINAL_ASK_END);
    ck_assert_int_eq(of("/q"), TERMINAL_ASK_END);
    ck_assert_int_eq(of("/shutdown"), TERMINAL_ASK_END);
    ck_assert_int_eq(of("/close *"), TERMINAL_ASK_CLOSE);
    ck_assert_int_eq(of("/close 1,2"), TERMINAL_ASK_NOTHING);
    ck_assert_int_eq(of("//quit"), TERMINAL_ASK_NOTHING);
    ck_assert_int_eq(of("quit"), TERMINAL_ASK_NOTHING);
    ck_assert_int_eq(of(""), TERMINAL_ASK_NOTHING);
}
END_TEST

START_TEST(who_only_leaves_is_not_asked)
{
    console.leaving_ends = false;
    ck_assert_int_eq(of("/quit"), TERMINAL_ASK_NOTHING);
    ck_assert_int_eq(of("/shutdown"), TERMINAL_ASK_END);
    console.session.commands = command_client_table;
    ck_assert_int_eq(of("/quit"), TERMINAL_ASK_NOTHING);
    ck_assert_int_eq(of("/close *"), TERMINAL_ASK_NOTHING);
}
END_TEST

START_TEST(who_may_not_is_not_asked)
{
    console.session.read_only = true;
    ck_assert_int_eq(of("/shutdown"), TERMINAL_ASK_NOTHING);
    ck_assert_int_eq(of("/close *"), TERMINAL_ASK_NOTHING);
}
END_TEST

START_TEST(again_is_meant)
{
    ck_assert(terminal_ask_before(&ask, TERMINAL_ASK_END, 1, 10, 0));
    ck_assert(!terminal_ask_before(&ask, TERMINAL_ASK_END, 2, 10, 0));
    ck_assert(terminal_ask_before(&ask, TERMINAL_ASK_END, 3, 10, 0));  /* and then anew */
    ck_assert(!terminal_ask_before(&ask, TERMINAL_ASK_END, 4, 11, 1)); /* Ctrl-D is a key */
}
END_TEST

START_TEST(something_else_takes_it_back)
{
    ck_assert(terminal_ask_before(&ask, TERMINAL_ASK_END, 1, 10, 0));
    ck_assert(terminal_ask_before(&ask, TERMINAL_ASK_END, 2, 11, 0)); /* a key */
    ck_assert(terminal_ask_before(&ask, TERMINAL_ASK_CLOSE, 3, 11, 0));
    terminal_ask_forget(&ask);
    ck_assert(terminal_ask_before(&ask, TERMINAL_ASK_CLOSE, 4, 11, 0));
}
END_TEST

START_TEST(it_is_forgotten_in_time)
{
    ck_assert(terminal_ask_before(&ask, TERMINAL_ASK_END, 1, 10, 0));
    ck_assert(terminal_ask_before(&ask, TERMINAL_ASK_END, 1 + TERMINAL_ASK_MAX, 10, 0));
}
END_TEST

START_TEST(says_how_many)
{
    char text[TERMINAL_ASK_TEXT];
    terminal_ask_text(&console, TERMINAL_ASK_END, text);
    ck_assert_str_eq(text, "12 peers are on the line: again to end\n");
    present = 1;
    terminal_ask_text(&console, TERMINAL_ASK_CLOSE, text);
    ck_assert_str_eq(text, "1 peer is on the line: again to close them all\n");
    present = 0;
    terminal_ask_text(&console, TERMINAL_ASK_END, text);
    ck_assert_str_eq(text, "");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {lines_that_end_all,
                                  who_only_leaves_is_not_asked,
                                  who_may_not_is_not_asked,
                                  again_is_meant,
                                  something_else_takes_it_back,
                                  it_is_forgotten_in_time,
                                  says_how_many,
                                  NULL};
    return check_run_with("terminal_ask", setup, NULL, tests);
}
