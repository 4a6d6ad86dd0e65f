/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "console/terminal_complete.h"
#include "console/terminal_feed.h"
#include "console/terminal_freeze.h"
#include "console/terminal_history.h"
#include "console/terminal_job.h"
#include "console/terminal_line.h"
#include "console/terminal_modes.h"
#include "console/terminal_paste_feed.h"
#include "console/terminal_prompt.h"
#include "console/terminal_state.h"
#include "loop/loop.h"
#include "loop/outlet.h"
#include "loop/timeout.h"

enum { TERMINAL_BATCH = 64 << 10 }; /* so much output does not wait for the end of the turn */

static struct terminal *terminal_of(const struct console *console)
{
    return CAST(terminal, console);
}

void terminal_draw(struct terminal *terminal)
{
    UT_string prompt;
    utstring_init(&prompt);
    terminal_freeze_note(terminal, &prompt);
    utstring_printf(&prompt, "%s", terminal_paste_feed_asks() ? "-- y or n -- " : "");
    terminal_prompt_make(&prompt, &terminal->console);
    terminal_screen_draw(&terminal->screen, utstring_body(&prompt));
    utstring_done(&prompt);
}

static void draw_cb(void *context)
{
    struct terminal *terminal = CAST(terminal, context);
    terminal_draw(terminal);
    terminal_freeze_watch(terminal);
    console_go_on(&terminal->console);
}

/* --- the console's front --- */

static void terminal_write(struct console *console, const char *data, size_t size)
{
    struct terminal *terminal = terminal_of(console);
    ut_append(&terminal->screen.pending, data, size);
    if (terminal->screen.frozen)
        terminal_freeze_news(terminal);
    else if (utstring_len(&terminal->screen.pending) >= TERMINAL_BATCH)
        terminal_draw(terminal);
    else
        timeout_start(terminal->draw, 0);
}

static size_t backlog(const struct console *console)
{
    const struct terminal *terminal = terminal_of(console);
    size_t waits = utstring_len(&terminal->screen.pending) + outlet_backlog(terminal->outlet);
    return terminal->screen.frozen ? terminal_freeze_backlog(waits) : waits;
}

static void hold_input(struct console *console, bool on)
{
    (void)console;
    terminal_feed_hold(on);
}

static void changed(struct console *console, enum operator_change change)
{
    struct terminal *terminal = terminal_of(console);
    timeout_start(change == OPERATOR_LEAVING ? terminal->soon : terminal->draw, 0);
}

static const struct front_ops terminal_front = {
    .write = terminal_write,
    .backlog = backlog,
    .hold_input = hold_input,
    .changed = changed,
    .answers = terminal_line_answers,
};

static void gone(void *context)
{
    struct terminal *terminal = CAST(terminal, context);
    terminal->hung_up = true;
    terminal->ended = true;
    terminal_feed_hold(true);
    console_mute(&terminal->console);
    timeout_start(terminal->soon, 0);
}

static bool paused(void *context)
{
    const struct terminal *terminal = CAST(terminal, context);
    return terminal->ended || terminal->console.session.leaving || !terminal->screen.shown;
}

static void freeze(void *context, bool on)
{
    terminal_freeze(CAST(terminal, context), on);
}

static void say(void *context, const char *text, size_t size)
{
    struct terminal *terminal = CAST(terminal, context);
    terminal_freeze(terminal, false);
    console_write(&terminal->console, text, size);
    terminal_draw(terminal); /* what is entered next stands behind the new prompt */
}

static void long_line(void *context)
{
    struct terminal *terminal = CAST(terminal, context);
    console_long_line(&terminal->console);
}

/* --- life --- */

bool terminal_possible(int in, int out)
{
    return isatty(in) && isatty(out);
}

static void drained(void *context)
{
    struct terminal *terminal = CAST(terminal, context);
    if (!terminal->screen.frozen) /* else it was the line being typed alone */
        console_drained(&terminal->console);
}

static void broken(void *context)
{
    struct terminal *terminal = CAST(terminal, context);
    console_mute(&terminal->console);
}

struct terminal *terminal_create(struct loop *loop, const struct console_settings *settings,
                                 const struct console_hooks *hooks)
{
    static const struct outlet_callbacks callbacks = {.drained = drained, .broken = broken};
    struct terminal *terminal = mem_zalloc(sizeof *terminal);
    CAST_INIT(terminal, terminal);
    const struct terminal_feed_hooks feed = {.gone = gone,
                                             .paused = paused,
                                             .long_line = long_line,
                                             .freeze = freeze,
                                             .say = say,
                                             .context = terminal};
    terminal->loop = loop;
    terminal->hooks = *hooks;
    terminal->outlet = outlet_create(loop, STDOUT_FILENO, &callbacks, terminal);
    terminal_screen_init(&terminal->screen, terminal->outlet);
    terminal->draw = timeout_create(loop, LOOP_OPERATOR, PART_CONSOLE, draw_cb, terminal);
    terminal_line_init(terminal, loop);
    terminal_job_init(terminal);
    console_init(&terminal->console, settings, &terminal_front);
    terminal_job_measure(terminal);
    terminal_feed_init(loop, &terminal->screen, &feed);
    terminal_complete_init(&terminal->console);
    terminal_history_load();
    return terminal;
}

void terminal_start(struct terminal *terminal)
{
    if (terminal->started)
        return;
    terminal->started = true;
    terminal_feed_start();
    terminal_job_start(terminal);
}

void terminal_destroy(struct terminal *terminal)
{
    if (!terminal)
        return;
    terminal_freeze(terminal, false);
    terminal_screen_hide(&terminal->screen);
    terminal->screen.shown = false;
    terminal_draw(terminal);
    terminal_complete_init(NULL);
    terminal_feed_finish();
    console_finish(&terminal->console);
    terminal_line_finish(terminal);
    terminal_job_finish(terminal);
    timeout_destroy(terminal->draw);
    terminal_screen_finish(&terminal->screen);
    outlet_destroy(terminal->outlet);
    terminal_modes_leave();
    free(terminal);
}

void terminal_ending(struct terminal *terminal)
{
    terminal->ending = true;
}

bool terminal_hung_up(const struct terminal *terminal)
{
    return terminal->hung_up;
}

struct console *terminal_base(struct terminal *terminal)
{
    return &terminal->console;
}
