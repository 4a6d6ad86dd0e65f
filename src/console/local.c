/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/local.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "console/console.h"
#include "console/renderer.h"
#include "console/terminal.h"

struct local {
    struct terminal *terminal; /* one of the two */
    struct pipe_console *pipe;
};

static bool wants_colour(void)
{
    const char *no_colour = getenv("NO_COLOR"); /* no-color.org: set and not empty */
    const char *terminal = getenv("TERM");
    return !(no_colour && *no_colour) && terminal && strcmp(terminal, "dumb") != 0;
}

struct local *local_create(struct event_base *base, const struct console_settings *settings,
                           bool json, const struct console_hooks *hooks)
{
    struct local *local = mem_zalloc(sizeof *local);
    struct console_settings own = *settings;
    own.renderer = json ? &render_json : &render_text;
    own.hold_streams = json && !isatty(STDOUT_FILENO);
    if (!json && terminal_possible(STDIN_FILENO, STDOUT_FILENO)) {
        own.colour = wants_colour();
        local->terminal = terminal_create(base, &own, hooks);
    } else {
        local->pipe = pipe_console_create(base, STDIN_FILENO, STDOUT_FILENO, &own, hooks);
    }
    return local;
}

size_t local_destroy(struct local *local)
{
    if (!local)
        return 0;
    terminal_destroy(local->terminal);
    size_t left = pipe_console_destroy(local->pipe);
    free(local);
    return left;
}

/* Whoever sees this for the first time should know what to do next. */
static void start_terminal(struct terminal *terminal)
{
    static const char hint[] = "type /help to see what can be typed, Ctrl-D to leave\n";
    struct console *console = terminal_base(terminal);
    console->front->write(console, hint, strlen(hint));
    terminal_start(terminal);
}

void local_start(struct local *local)
{
    if (local->terminal)
        start_terminal(local->terminal);
    else
        pipe_console_start(local->pipe);
}

bool local_is_terminal(const struct local *local)
{
    return local->terminal != NULL;
}

bool local_interrupt(struct local *local)
{
    return local->terminal && terminal_interrupt(local->terminal);
}

void local_set_patience(struct local *local, int64_t microseconds)
{
    if (local->pipe)
        pipe_console_set_patience(local->pipe, microseconds);
}

bool local_hung_up(const struct local *local)
{
    return local->terminal && terminal_hung_up(local->terminal);
}

struct console *local_base(struct local *local)
{
    return local->terminal ? terminal_base(local->terminal) : pipe_console_base(local->pipe);
}
