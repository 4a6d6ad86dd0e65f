/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/text_help.h"

#include <stdio.h>
#include <string.h>

#include "command/command.h"
#include "console/console.h"
#include "console/text_cells.h"
#include "console/text_entry.h"
#include "console/text_fold.h"
#include "console/text_line.h"

enum { HELP_INDENT = 2, HELP_COLUMN = 24 };

static void help_title(struct console *console, const char *title)
{
    text_style(console, TEXT_STRONG);
    utstring_printf(&console->out, "%s", title);
    text_style_end(console);
    utstring_printf(&console->out, "\n");
}

static void help_entry(struct console *console, const char *what, const char *summary)
{
    unsigned width = text_width(what);
    int pad = width < HELP_COLUMN ? (int)(HELP_COLUMN - width) : 0;
    utstring_printf(&console->out, "%*s%s%*s %s\n", HELP_INDENT, "", what, pad, "", summary);
}

static const char *help_arguments(const struct command *command)
{
    return command->arguments ? command->arguments : "";
}

static bool help_has(const struct result *result, const char *name)
{
    for (size_t i = 0; i < result->help.count; i++)
        if (strcmp(result->help.items[i]->name, name) == 0)
            return true;
    return false;
}

/* An operator without /send has one peer only, or may not speak. */
static void help_speaking(struct console *console, const struct result *result)
{
    bool peers = help_has(result, "send");
    help_title(console, "To answer, type a text and Enter");
    help_entry(console, "TEXT",
               peers ? "send it to the target, which the prompt names" : "send it");
    if (peers)
        help_entry(console, "@PEERS TEXT",
                   "send it to these peers, as /send; the target stays");
    help_entry(console, "//TEXT, /@TEXT", "send a text that begins with / or @");
    if (peers)
        utstring_printf(
            &console->out, "%*s%s\n", HELP_INDENT, "",
            console->session.focus.nodes
                ? "A PEER is berlin/3 or berlin/boiler; PEERS are a list, or berlin/*."
                : "A PEER is a number (3 or #3) or a name; PEERS are a list "
                  "(3,boiler) or *.");
}

static void help_mark(struct console *console, enum text_mark mark, const char *summary)
{
    char what[32];
    snprintf(what, sizeof what, "#3 boiler %s TEXT", text_mark(mark));
    help_entry(console, what, summary);
}

static void help_display(struct console *console)
{
    const char *gutter = text_gutter(console->columns);
    help_title(console, "What is shown");
    help_mark(console, TEXT_MARK_RECEIVED, "came from peer 3; (partial): a piece of a message");
    help_mark(console, TEXT_MARK_SENT, "went to it, (auto) by itself, (console 2) from there");
    help_entry(console, "\\n \\x1b \\u202e \\\\",
               "a newline, what cannot be seen, a backslash");
    if (console->columns > 0)
        help_entry(console, gutter + strspn(gutter, " "),
                   "the line above goes on; a message up to 12 rows");
}

/* Asked by its name: the commands may be those that another program told of. */
static bool help_is_basic(const struct command *asked)
{
    for (const struct command *const *each = command_table; *each; each++)
        if (strcmp((*each)->name, asked->name) == 0)
            return (*each)->basic;
    return asked->basic;
}

/* With a note only what one needs first: it follows, and says where the rest is. What is no
 * terminal has room for all. */
static void help_commands(struct console *console, const struct result *result)
{
    const bool few = result->note && console->columns > 0;
    UT_string what;
    utstring_init(&what);
    for (size_t i = 0; i < result->help.count; i++) {
        const struct command *command = result->help.items[i];
        if (few && !help_is_basic(command))
            continue;
        utstring_clear(&what);
        utstring_printf(&what, "/%s %s", command->name, help_arguments(command));
        help_entry(console, utstring_body(&what), command->summary);
    }
    utstring_done(&what);
}

static void help_list(struct console *console, const struct result *result)
{
    if (!console->session.read_only)
        help_speaking(console, result);
    help_title(console, "Commands");
    help_commands(console, result);
    help_display(console);
    if (!result->note)
        utstring_printf(&console->out, "A command may be shortened while it stays unique. "
                                       "More: /help COMMAND\n");
}

static void help_lines(UT_string *out, const char *text)
{
    while (*text) {
        size_t size = strcspn(text, "\n");
        utstring_printf(out, "%*s%.*s\n", size > 0 ? HELP_INDENT : 0, "", (int)size, text);
        text += size + (text[size] == '\n');
    }
}

static void help_detail(struct console *console, const struct command *command)
{
    UT_string *out = &console->out;
    const char *arguments = help_arguments(command);
    text_style(console, TEXT_STRONG);
    utstring_printf(out, "/%s%s%s", command->name, *arguments ? " " : "", arguments);
    text_style_end(console);
    utstring_printf(out, "   %s\n", command->summary);
    if (command->help)
        help_lines(out, command->help);
}

void text_help(struct console *console, const struct result *result)
{
    if (result->help.count == 1)
        help_detail(console, result->help.items[0]);
    else
        help_list(console, result);
}
