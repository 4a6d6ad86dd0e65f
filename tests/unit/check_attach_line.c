/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/attach_line.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check_main.h"
#include "command/command.h"

static struct attach_line line;

static void read_line(const char *text)
{
    attach_line_read(&line, text, strlen(text));
}

START_TEST(knows_commands)
{
    static const struct {
        const char *text;
        const struct command *command;
        const char *arguments;
    } cases[] = {
        {"", NULL, ""},
        {"/", NULL, ""},
        {"/view hex", &cmd_view, "hex"},
        {"/v  hex ", &cmd_view, "hex"},
        {"/view\thex", &cmd_view, "hex"},
        {"/quit", &cmd_quit, ""},
        {"/quit\r", &cmd_quit, ""},
        {"/view hex\r", &cmd_view, "hex"},
        {"/view\rhex", NULL, ""},
        {"/re 1 echo", NULL, ""}, /* could be several */
        {"//view hex", NULL, ""},
        {"/@1 x", NULL, ""},
        {"@1 /view hex", NULL, ""},
        {"view hex", NULL, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        read_line(cases[i].text);
        ck_assert_msg(line.command == cases[i].command, "'%s'", cases[i].text);
        if (line.command)
            ck_assert_str_eq(line.arguments, cases[i].arguments);
        ck_assert_ptr_null(line.line);
        attach_line_finish(&line);
    }
}
END_TEST

START_TEST(makes_paths_absolute)
{
    ck_assert_int_eq(chdir("/tmp"), 0);
    read_line("/fi 1,boiler   a b ");
    ck_assert_str_eq(line.line, "/file 1,boiler /tmp/a b");
    ck_assert_uint_eq(line.size, strlen(line.line));
    attach_line_finish(&line);
    setenv("HOME", "/home/x", 1);
    read_line("/file 1 ~/y\r");
    ck_assert_str_eq(line.line, "/file 1 /home/x/y");
    attach_line_finish(&line);
    read_line("/file 1 ~no-such-user-here/y");
    ck_assert_str_eq(line.line, "/file 1 /tmp/~no-such-user-here/y");
    attach_line_finish(&line);
    read_line("/file 1 /etc/x");
    ck_assert_ptr_null(line.line);
    attach_line_finish(&line);
    read_line("/file 1");
    ck_assert_ptr_null(line.line);
    attach_line_finish(&line);
}
END_TEST

START_TEST(leaves_nul_bytes_to_the_daemon)
{
    attach_line_read(&line, "/view\0hex", 9);
    ck_assert_ptr_null(line.command);
    attach_line_finish(&line);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {knows_commands, makes_paths_absolute,
                                  leaves_nul_bytes_to_the_daemon, NULL};
    return check_run("attach_line", tests);
}
