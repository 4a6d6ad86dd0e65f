/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/local.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/log.h"
#include "base/mem.h"
#include "console/console.h"
#include "console/renderer.h"
#include "console/terminal.h"
#include "console/terminal_modes.h"

struct local {
    struct log_sink sink; /* first: found from it */
    CAST_MARK;
    struct log_sink *former_sink;
    bool speaks;               /* for stderr too */
    struct terminal *terminal; /* one of the two */
    struct pipe_console *pipe;
};

/* By whatever name they were opened: /dev/tty is the terminal, too. */
static bool stderr_is_stdout(void)
{
    struct stat out, err;
    unsigned out_terminal, err_terminal;
    if (ioctl(STDOUT_FILENO, TIOCGDEV, &out_terminal) == 0 &&
        ioctl(STDERR_FILENO, TIOCGDEV, &err_terminal) == 0)
        return out_terminal == err_terminal;
    return fstat(STDOUT_FILENO, &out) == 0 && fstat(STDERR_FILENO, &err) == 0 &&
           out.st_dev == err.st_dev && out.st_ino == err.st_ino;
}

/* A diagnostic: above the line being typed, and never in the middle of an event. */
static bool take(struct log_sink *sink, const char *line, size_t size)
{
    struct console *console = local_base(CAST(local, sink));
    if (console->front->backlog(console) > CONSOLE_BACKLOG_MAX)
        return false;
    console_write(console, line, size);
    return true;
}

static mode_t stdout_kind(void)
{
    struct stat status;
    return fstat(STDOUT_FILENO, &status) == 0 ? status.st_mode & S_IFMT : 0;
}

static void broken(void *context)
{
    (void)context;
    log_error("nobody reads stdout any more: no more is written there");
}

static void refused(void *context, int error)
{
    (void)context;
    log_error("cannot write to stdout: %s; what is said is skipped until that is over",
              strerror(error));
}

/* edits: lines are typed there, and what is shown stands above them. */
static struct console_settings settings_for(const struct console_settings *settings, bool json,
                                            bool edits)
{
    struct console_settings own = *settings;
    const mode_t kind = stdout_kind();
    own.renderer = json ? &render_json : &render_text;
    own.hold_streams = json && (kind == S_IFIFO || kind == S_IFSOCK);
    own.backlog = kind == S_IFREG ? CONSOLE_BACKLOG_HELD_MAX : 0;
    if (edits) /* events are skipped before input is held: Ctrl-S */
        own.backlog = CONSOLE_BACKLOG_MAX - 1;
    own.fold = !json;
    if (edits || (settings->no_input && !json && isatty(STDOUT_FILENO)))
        own.colours = text_colours_wanted();
    return own;
}

struct local *local_create(struct loop *loop, const struct console_settings *settings,
                           bool json, const struct console_hooks *hooks)
{
    struct local *local = mem_zalloc(sizeof *local);
    CAST_INIT(local, local);
    const bool edits =
        !json && !settings->no_input && terminal_possible(STDIN_FILENO, STDOUT_FILENO);
    const struct console_settings own = settings_for(settings, json, edits);
    if (edits) {
        local->terminal = terminal_create(loop, &own, hooks);
    } else {
        struct console_hooks own_hooks = *hooks;
        own_hooks.broken = hooks->broken ? hooks->broken : broken;
        own_hooks.refused = refused;
        local->pipe = pipe_console_create(loop, STDIN_FILENO, STDOUT_FILENO, &own, &own_hooks);
    }
    local->sink.take = take;
    if (stderr_is_stdout()) {
        local->speaks = true;
        local->former_sink = log_divert(&local->sink);
    }
    return local;
}

size_t local_destroy(struct local *local)
{
    if (!local)
        return 0;
    if (local->speaks)
        log_divert(local->former_sink);
    terminal_destroy(local->terminal);
    size_t left = pipe_console_destroy(local->pipe);
    free(local);
    return left;
}

/* Whoever sees this for the first time should know what to do next. */
void local_greet(struct local *local)
{
    static const char hint[] = "type /help to see what can be typed, Ctrl-D to leave\n";
    if (local->terminal)
        console_write(terminal_base(local->terminal), hint, strlen(hint));
}

void local_start(struct local *local)
{
    if (local->terminal)
        terminal_start(local->terminal);
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

void local_drop_typed(const struct local *local)
{
    if (local->terminal)
        terminal_modes_drop();
}

void local_ending(struct local *local)
{
    if (local->terminal)
        terminal_ending(local->terminal);
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

int local_error(const struct local *local)
{
    return local->pipe ? pipe_console_error(local->pipe) : 0;
}

struct console *local_base(struct local *local)
{
    return local->terminal ? terminal_base(local->terminal) : pipe_console_base(local->pipe);
}
