/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_echo.h"

#include <stdlib.h>

#include "base/escape.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "command/command.h"

struct terminal_echo_line {
    char *row; /* with its newline; NULL: it stands on the screen, or something for it */
    struct terminal_echo_line *prev, *next;
};

/* --- which lines --- */

static bool echo_is_text(const struct console *console, const char *line, size_t size)
{
    struct command_read read;
    if (size > 0 && *line == '@')
        return true;
    if (size == 0 || *line != '/' || (size > 1 && (line[1] == '/' || line[1] == '@')))
        return console->session.target != 0;
    command_read(&read, console->session.commands, line, size);
    command_read_finish(&read);
    return read.command == &cmd_send;
}

bool terminal_echo_wanted(const struct console *console, const char *line, size_t size)
{
    const enum view view = console->session.view;
    return !console->session.read_only && (view == VIEW_TEXT || view == VIEW_HEX) &&
           echo_is_text(console, line, size);
}

/* --- the lines --- */

static char *echo_row(const char *prompt, const char *line, size_t size)
{
    const bool cut = size > TERMINAL_ECHO_TEXT_MAX;
    UT_string row;
    if (cut)
        size = TERMINAL_ECHO_TEXT_MAX - utf8_unfinished(line, TERMINAL_ECHO_TEXT_MAX);
    utstring_init(&row);
    utstring_printf(&row, "%s", prompt);
    escape_bytes(&row, line, size);
    utstring_printf(&row, "%s\n", cut ? "…" : "");
    return utstring_body(&row);
}

static void echo_drop(struct terminal_echo *echo)
{
    struct terminal_echo_line *oldest = echo->lines;
    DL_DELETE(echo->lines, oldest);
    echo->count--;
    free(oldest->row);
    free(oldest);
}

void terminal_echo_add(struct terminal_echo *echo, const char *prompt, const char *line,
                       size_t size)
{
    struct terminal_echo_line *new = mem_zalloc(sizeof *new);
    if (prompt)
        new->row = echo_row(prompt, line, size);
    DL_APPEND(echo->lines, new);
    if (++echo->count > TERMINAL_ECHO_MAX)
        echo_drop(echo);
}

/* The row is shown now, or never. */
static void echo_settle(struct terminal_echo_line *line, UT_string *out)
{
    if (line->row && out)
        ut_append(out, line->row, strlen(line->row));
    free(line->row);
    line->row = NULL;
}

void terminal_echo_answer(struct terminal_echo *echo, enum console_answer answer,
                          UT_string *out)
{
    if (!echo->lines)
        return;
    echo_settle(echo->lines, answer == CONSOLE_ANSWER_SENT ? NULL : out);
    if (answer == CONSOLE_ANSWER_LAST)
        echo_drop(echo);
    if (answer == CONSOLE_ANSWER_NONE) {
        terminal_echo_show(echo, out);
        terminal_echo_finish(echo);
    }
}

void terminal_echo_show(struct terminal_echo *echo, UT_string *out)
{
    struct terminal_echo_line *each;
    DL_FOREACH(echo->lines, each)
        echo_settle(each, out);
}

bool terminal_echo_waits(const struct terminal_echo *echo)
{
    const struct terminal_echo_line *each;
    DL_FOREACH(echo->lines, each)
        if (each->row)
            return true;
    return false;
}

void terminal_echo_finish(struct terminal_echo *echo)
{
    while (echo->lines)
        echo_drop(echo);
}
