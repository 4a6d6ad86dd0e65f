/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of telex, which has one peer. */
#include "command/command.h"

#include <stdio.h>
#include <string.h>

#include "check_main.h"
#include "command/operator_target.h"
#include "fake_operator.h"

static struct fake world;
static struct fake_operator console;
static struct fake_link *line;

static void setup(void)
{
    fake_init(&world);
    fake_operator_init(&console, &world);
    console.session.commands = command_client_table;
    console.program = (struct program){0};
    line = fake_call(&world, "tcp://127.0.0.1:9");
    hub_open(&world.hub, line->link.peer);
    operator_target_set(&console.session, 1);
    fake_take(&world);
}

static void teardown(void)
{
    fake_operator_finish(&console);
    fake_finish(&world);
}

#define SAYS(typed, expected) ck_assert_str_eq(fake_say(&console, typed), expected)
#define TOOK(link, expected) ck_assert_str_eq(fake_link_take(link), expected)

START_TEST(has_these_commands)
{
    SAYS("/help", "help: bytes file view info close help quit\n");
}
END_TEST

START_TEST(has_no_others)
{
    for (size_t i = 0; command_table[i]; i++) {
        const char *name = command_table[i]->name;
        if (strstr(" bytes file view info close help quit ", name))
            continue;
        char typed[64], expected[128];
        snprintf(typed, sizeof typed, "/%s", name);
        snprintf(expected, sizeof expected,
                 "error -: unknown command '/%s': /help lists them, and //TEXT sends /TEXT\n",
                 name);
        SAYS(typed, expected);
    }
    TOOK(line, "");
}
END_TEST

START_TEST(text_goes_to_the_line)
{
    SAYS("hello", "send: done\n");
    SAYS("//hello", "send: done\n");
    SAYS("@1 hello", "send: done\n");
    SAYS("", "");
    TOOK(line, "hello\\n/hello\\nhello\\n\\n");
}
END_TEST

START_TEST(bytes_name_no_peer)
{
    SAYS("/bytes ad de \"AT\\r\\n\"", "bytes: done\n");
    TOOK(line, "\\xad\\xdeAT\\r\\n");
    SAYS("/b 01", "bytes: done\n");
    TOOK(line, "\\x01");
    SAYS("/bytes", "error bytes: something is missing: write /bytes ITEM...\n");
    ck_assert_int_eq(strncmp(fake_say(&console, "/bytes 1 ff"), "error bytes: ", 13), 0);
    TOOK(line, "");
}
END_TEST

START_TEST(file_names_no_peer)
{
    SAYS("/file /nonexistent/a b",
         "error file: cannot send '/nonexistent/a b': No such file or directory\n");
    const char *begun = fake_say(&console, "/file /proc/self/exe");
    ck_assert_ptr_nonnull(strstr(begun, "file: done (sending '/proc/self/exe' to #1: "));
    SAYS("hello", "error send: not sent to #1: a file is being sent to it\n");
    SAYS("/file", "error file: something is missing: write /file PATH\n");
}
END_TEST

START_TEST(info_and_close_may_name_it)
{
    SAYS("/info", "info: #1 by tcp://127.0.0.1:9\n");
    SAYS("/info 1", "info: #1 by tcp://127.0.0.1:9\n");
    SAYS("/info #1", "info: #1 by tcp://127.0.0.1:9\n");
    SAYS("/info 2", "error info: no peer '2' on the line\n");
    SAYS("/close 2", "error close: no peer '2' on the line\n");
    line->finish_later = true;
    SAYS("/close", "close: done (closing #1)\n");
    SAYS("/close #1", "close: done (closing #1 at once)\n");
}
END_TEST

START_TEST(the_line_may_be_closed)
{
    hub_detach(&world.hub, line->link.peer, CLOSE_EOF, NULL);
    operator_target_set(&console.session, 0);
    SAYS("hello", "error send: the line is closed\n");
    ck_assert_str_eq(fake_say(&console, ""), "");
    SAYS("/bytes ff", "error bytes: the line is closed\n");
    SAYS("/file /proc/self/exe", "error file: the line is closed\n");
    SAYS("/info", "error info: the line is closed\n");
    SAYS("/close", "error close: the line is closed\n");
    SAYS("/quit", "quit: done\nchanged leaving\n");
}
END_TEST

START_TEST(the_line_may_not_stand_yet)
{
    hub_detach(&world.hub, line->link.peer, CLOSE_EOF, NULL);
    operator_target_set(&console.session, 0);
    fake_call(&world, "tcp://127.0.0.1:9");
    SAYS("/info", "info: #2 by tcp://127.0.0.1:9\n");
    SAYS("/bytes ff", "error bytes: not sent to #2: it is not connected yet\n");
    SAYS("/close", "close: done (closing #2)\n");
    SAYS("/close", "error close: the line is closed\n");
}
END_TEST

START_TEST(help_explains_its_own)
{
    SAYS("/help bytes", "help: bytes\n");
    SAYS("/help send", "error help: unknown command '/send': /help lists them, and //TEXT "
                       "sends /TEXT\n");
    char *error = NULL;
    ck_assert_str_eq(command_find(command_client_table, "bytes", &error)->arguments, "ITEM...");
    ck_assert_str_eq(command_find(command_client_table, "file", &error)->arguments, "PATH");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {has_these_commands,     has_no_others,
                                  text_goes_to_the_line,  bytes_name_no_peer,
                                  file_names_no_peer,     info_and_close_may_name_it,
                                  the_line_may_be_closed, the_line_may_not_stand_yet,
                                  help_explains_its_own,  NULL};
    return check_run_with("command_client", setup, teardown, tests);
}
