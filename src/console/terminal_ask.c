/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_ask.h"

#include <stdio.h>
#include <string.h>

#include "base/cast.h"
#include "command/command.h"
#include "console/console.h"

/* --- what a line does --- */

static enum terminal_ask_what ask_command(const struct console *console,
                                          const struct command_read *read)
{
    if (read->command == &cmd_shutdown && !console->session.read_only)
        return TERMINAL_ASK_END;
    if (read->command == &cmd_quit && console->leaving_ends)
        return TERMINAL_ASK_END;
    if (read->command == &cmd_close && !console->session.read_only &&
        strcmp(read->arguments.words[0], "*") == 0)
        return TERMINAL_ASK_CLOSE;
    return TERMINAL_ASK_NOTHING;
}

enum terminal_ask_what terminal_ask_line(const struct console *console, const char *line,
                                         size_t size)
{
    struct command_read read;
    if (size == 0 || *line != '/')
        return TERMINAL_ASK_NOTHING;
    command_read(&read, console->session.commands, line, size);
    const enum terminal_ask_what what = ask_command(console, &read);
    command_read_finish(&read);
    return what;
}

/* --- the question --- */

bool terminal_ask_before(struct terminal_ask *ask, enum terminal_ask_what what, int64_t now,
                         uint64_t keys, uint64_t own)
{
    const bool again =
        ask->what == what && ask->keys + own == keys && now - ask->time < TERMINAL_ASK_MAX;
    *ask = (struct terminal_ask){.time = now, .keys = keys};
    if (!again)
        ask->what = what;
    return !again;
}

void terminal_ask_forget(struct terminal_ask *ask)
{
    *ask = (struct terminal_ask){0};
}

/* --- its words --- */

struct ask_count {
    unsigned count;
    CAST_MARK;
};

static bool ask_visit(void *context, const struct who *who)
{
    (void)who;
    CAST(ask_count, context)->count++;
    return true;
}

void terminal_ask_text(const struct console *console, enum terminal_ask_what what,
                       char text[TERMINAL_ASK_TEXT])
{
    struct ask_count peers = {0};
    CAST_INIT(ask_count, &peers);
    console->directory->peers(console->directory, ask_visit, &peers);
    *text = '\0';
    if (peers.count > 0)
        snprintf(text, TERMINAL_ASK_TEXT, "%u peer%s on the line: again to %s\n", peers.count,
                 peers.count == 1 ? " is" : "s are",
                 what == TERMINAL_ASK_END ? "end" : "close them all");
}
