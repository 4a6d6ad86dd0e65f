/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/pipe.h"

#include <signal.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/cast.h"
#include "base/mem.h"
#include "console/console.h"
#include "console/window.h"
#include "core/hub.h"
#include "loop/inlet.h"
#include "loop/lines.h"
#include "loop/outlet.h"
#include "loop/watch.h"

/* Lines run before the peers get their turn, in at most JOBS_SLICE. */
enum { PIPE_LINES = 64 };

struct pipe_console {
    struct console console; /* first: fronts are found from consoles */
    CAST_MARK;
    struct console_hooks hooks;
    struct loop *loop;
    struct inlet *inlet; /* NULL until started */
    struct outlet *outlet;
    struct budget_holder holder; /* of what waits in the outlet */
    struct lines lines;
    struct job more;       /* goes on with lines that are here already */
    struct watch *resized; /* the terminal that out is; else NULL */
    int in;
    int out;
    bool held;        /* by the console: its backlog is full */
    bool input_ended; /* the input has; lines may be left */
    bool over;        /* the hook for it was called */
    bool closing;
};

static struct pipe_console *pipe_of(const struct console *console)
{
    return CAST(pipe_console, console);
}

static void pipe_write(struct console *console, const char *data, size_t size)
{
    outlet_write(pipe_of(console)->outlet, data, size);
}

static size_t backlog(const struct console *console)
{
    return outlet_backlog(pipe_of(console)->outlet);
}

/* In the turn's share of operators, however many there are, and with how many lines. */
static void go_on(struct pipe_console *pipe)
{
    const struct host *host = pipe->console.host;
    if (!pipe->over)
        host->later(host->context, &pipe->more);
}

static void hold_input(struct console *console, bool on)
{
    struct pipe_console *pipe = pipe_of(console);
    pipe->held = on;
    if (on && pipe->inlet)
        inlet_hold(pipe->inlet, true);
    else if (pipe->inlet)
        go_on(pipe);
}

static void changed(struct console *console, enum operator_change change)
{
    if (change == OPERATOR_LEAVING)
        go_on(pipe_of(console));
}

static const struct front_ops pipe_front = {
    .write = pipe_write,
    .backlog = backlog,
    .hold_input = hold_input,
    .changed = changed,
};

/* Runs one line; false where there is none. */
static bool run_line(struct pipe_console *pipe)
{
    const char *line;
    size_t size;
    enum lines_result result = lines_next(&pipe->lines, &line, &size);
    if (result == LINES_NONE && pipe->input_ended)
        result = lines_last(&pipe->lines, &line, &size);
    if (result == LINES_LINE)
        console_line(&pipe->console, line, size);
    else if (result == LINES_TOO_LONG)
        console_long_line(&pipe->console);
    return result != LINES_NONE;
}

/* The hooks may destroy the pipe: nothing comes after them. */
static void pipe_over(struct pipe_console *pipe, void (*hook)(void *context))
{
    pipe->over = true;
    inlet_hold(pipe->inlet, true);
    if (hook)
        hook(pipe->hooks.context);
}

/* The lines of one turn; false where none is left. */
static bool run_lines(struct pipe_console *pipe)
{
    const struct host *host = pipe->console.host;
    const int64_t end = host->clock(host->context) + JOBS_SLICE;
    bool some = true;
    for (int i = 0; i < PIPE_LINES && some && !pipe->held; i++) {
        some = run_line(pipe);
        if (pipe->console.session.leaving || host->clock(host->context) >= end)
            break;
    }
    return some;
}

/* Input is read again when no line is left. */
static void pipe_more(struct job *job)
{
    struct pipe_console *pipe = container_of(job, struct pipe_console, more);
    const struct operator_session *session = &pipe->console.session;
    const bool some = session->leaving || run_lines(pipe);
    if (session->leaving)
        pipe_over(pipe, pipe->hooks.leaving);
    else if (pipe->held)
        inlet_hold(pipe->inlet, true);
    else if (some)
        go_on(pipe);
    else if (pipe->input_ended)
        pipe_over(pipe, pipe->hooks.end);
    else
        inlet_hold(pipe->inlet, false);
}

static void pipe_data(void *context, const char *data, size_t size)
{
    struct pipe_console *pipe = CAST(pipe_console, context);
    lines_add(&pipe->lines, data, size);
    inlet_hold(pipe->inlet, true);
    go_on(pipe);
}

static void pipe_end(void *context)
{
    struct pipe_console *pipe = CAST(pipe_console, context);
    pipe->input_ended = true;
    go_on(pipe);
}

static void drained(void *context)
{
    struct pipe_console *pipe = CAST(pipe_console, context);
    if (pipe->closing && pipe->hooks.drained)
        pipe->hooks.drained(pipe->hooks.context);
    else
        console_drained(&pipe->console);
}

static void broken(void *context)
{
    struct pipe_console *pipe = CAST(pipe_console, context);
    console_mute(&pipe->console);
    if (pipe->hooks.broken)
        pipe->hooks.broken(pipe->hooks.context);
}

static void resized_cb(void *context)
{
    struct pipe_console *pipe = CAST(pipe_console, context);
    pipe->console.columns = window_columns(pipe->out);
}

/* Output may go to a terminal though input comes from elsewhere. */
static void measure(struct pipe_console *pipe)
{
    pipe->console.columns = window_columns(pipe->out);
    if (pipe->console.columns == 0)
        return;
    pipe->resized = watch_create(pipe->loop, SIGWINCH, WATCH_SIGNAL, LOOP_OPERATOR,
                                 PART_CONSOLE, resized_cb, pipe);
    watch_start(pipe->resized);
}

static void refused(void *context, int error)
{
    struct pipe_console *pipe = CAST(pipe_console, context);
    console_suspend(&pipe->console);
    if (pipe->hooks.refused)
        pipe->hooks.refused(pipe->hooks.context, error);
}

static void pipe_close(struct budget_holder *holder)
{
    struct pipe_console *pipe = container_of(holder, struct pipe_console, holder);
    pipe->hooks.greedy(pipe->hooks.context);
}

static void waiting(void *context, size_t bytes)
{
    struct pipe_console *pipe = CAST(pipe_console, context);
    budget_hold(&pipe->holder, bytes);
}

struct pipe_console *pipe_console_create(struct loop *loop, int in, int out,
                                         const struct console_settings *settings,
                                         const struct console_hooks *hooks)
{
    static const struct outlet_callbacks callbacks = {
        .drained = drained, .broken = broken, .refused = refused, .waiting = waiting};
    struct pipe_console *pipe = mem_zalloc(sizeof *pipe);
    CAST_INIT(pipe_console, pipe);
    pipe->hooks = *hooks;
    pipe->loop = loop;
    pipe->in = in;
    pipe->out = out;
    pipe->outlet = outlet_create(loop, out, &callbacks, pipe);
    outlet_set_patience(pipe->outlet, settings->patience);
    pipe->holder.close = hooks->greedy ? pipe_close : NULL;
    if (settings->hub)
        budget_add_holder(&settings->hub->budget, &pipe->holder);
    lines_init(&pipe->lines);
    pipe->more = (struct job){.run = pipe_more, .part = PART_CONSOLE};
    console_init(&pipe->console, settings, &pipe_front);
    if (settings->fold)
        measure(pipe);
    return pipe;
}

void pipe_console_start(struct pipe_console *pipe)
{
    static const struct inlet_callbacks callbacks = {.data = pipe_data, .end = pipe_end};
    if (pipe->inlet)
        return;
    pipe->inlet = inlet_create(pipe->loop, pipe->in, &callbacks, pipe);
    if (pipe->held)
        inlet_hold(pipe->inlet, true);
}

size_t pipe_console_destroy(struct pipe_console *pipe)
{
    if (!pipe)
        return 0;
    console_drained(&pipe->console); /* what was skipped is told, if it is the last word */
    inlet_destroy(pipe->inlet);
    jobs_forget(&pipe->more);
    console_finish(&pipe->console);
    size_t left = outlet_destroy(pipe->outlet);
    if (pipe->resized)
        watch_destroy(pipe->resized);
    budget_remove_holder(&pipe->holder);
    lines_finish(&pipe->lines);
    free(pipe);
    return left;
}

void pipe_console_close(struct pipe_console *pipe)
{
    console_mute(&pipe->console);
    pipe->closing = true;
    outlet_close(pipe->outlet);
}

void pipe_console_set_patience(struct pipe_console *pipe, int64_t microseconds)
{
    outlet_set_patience(pipe->outlet, microseconds);
}

size_t pipe_console_flush(struct pipe_console *pipe)
{
    outlet_flush(pipe->outlet);
    return outlet_backlog(pipe->outlet);
}

int pipe_console_error(const struct pipe_console *pipe)
{
    return outlet_error(pipe->outlet);
}

struct console *pipe_console_base(struct pipe_console *pipe)
{
    return &pipe->console;
}
