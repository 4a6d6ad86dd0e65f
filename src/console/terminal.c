/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "base/cast.h"
#include "base/mem.h"
#include "console/console.h"
#include "console/terminal_complete.h"
#include "console/terminal_feed.h"
#include "console/terminal_history.h"
#include "console/terminal_modes.h"
#include "console/terminal_prompt.h"
#include "console/terminal_screen.h"
#include "console/window.h"
#include "loop/loop.h"
#include "loop/outlet.h"
#include "loop/timeout.h"
#include "loop/watch.h"

enum {
    TERMINAL_BATCH = 64 << 10, /* so much output does not wait for the end of the turn */
    TERMINAL_PARKED_US = 500000,
};

struct terminal {
    struct console console; /* first: fronts are found from consoles */
    CAST_MARK;
    struct console_hooks hooks;
    struct loop *loop;
    bool started;
    struct outlet *outlet;
    struct terminal_screen screen;
    struct timeout *draw;
    struct timeout *soon;   /* the hooks, outside readline */
    struct timeout *parked; /* in the background: looks whether we are back */
    struct watch *resized;
    struct watch *continued;
    struct watch *stopped;
    bool installed; /* readline has its handler */
    bool ended;     /* Ctrl-D, or hung up: the hook is due */
    bool hung_up;
};

/* The one that readline's callbacks, which carry no argument, are for. */
static struct terminal *terminal_present;

static struct terminal *terminal_of(const struct console *console)
{
    return CAST(terminal, console);
}

static struct timeout *terminal_timer(struct terminal *terminal, void (*fired)(void *context))
{
    return timeout_create(terminal->loop, LOOP_OPERATOR, PART_CONSOLE, fired, terminal);
}

static struct watch *terminal_signal(struct terminal *terminal, int number,
                                     void (*caught)(void *context))
{
    return watch_create(terminal->loop, number, WATCH_SIGNAL, LOOP_OPERATOR, PART_CONSOLE,
                        caught, terminal);
}

static void terminal_draw(struct terminal *terminal)
{
    UT_string prompt;
    utstring_init(&prompt);
    terminal_prompt_make(&prompt, &terminal->console);
    terminal_screen_draw(&terminal->screen, utstring_body(&prompt));
    utstring_done(&prompt);
}

static void draw_cb(void *context)
{
    struct terminal *terminal = CAST(terminal, context);
    terminal_draw(terminal);
    console_go_on(&terminal->console);
}

/* --- the console's front --- */

static void terminal_write(struct console *console, const char *data, size_t size)
{
    struct terminal *terminal = terminal_of(console);
    ut_append(&terminal->screen.pending, data, size);
    if (utstring_len(&terminal->screen.pending) >= TERMINAL_BATCH)
        terminal_draw(terminal);
    else
        timeout_start(terminal->draw, 0);
}

static size_t backlog(const struct console *console)
{
    const struct terminal *terminal = terminal_of(console);
    return utstring_len(&terminal->screen.pending) + outlet_backlog(terminal->outlet);
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
};

/* --- keys and lines --- */

static void soon_cb(void *context)
{
    struct terminal *terminal = CAST(terminal, context);
    void (*hook)(void *context) =
        terminal->console.session.leaving ? terminal->hooks.leaving : terminal->hooks.end;
    terminal->ended = false;
    terminal_feed_resume();
    if (hook)
        hook(terminal->hooks.context);
}

/* The blank that completion adds behind @PEER is no text where nothing follows. */
static size_t line_size(const char *line)
{
    const size_t size = strlen(line);
    const char *blank = strchr(line, ' ');
    return *line == '@' && blank && blank[1] == '\0' ? size - 1 : size;
}

/*
 * From within readline, which has left the line and its newline on the screen: answers come
 * right below it, before readline shows the next prompt.
 */
static void terminal_line(char *line)
{
    struct terminal *terminal = terminal_present;
    terminal->screen.shown = false;
    if (line) {
        terminal_history_add(line);
        console_line(&terminal->console, line, line_size(line));
    } else {
        outlet_write(terminal->outlet, "\n", 1);
        terminal->ended = true;
        timeout_start(terminal->soon, 0);
    }
    free(line);
    terminal_draw(terminal);
    terminal->screen.shown = true;
}

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

static void long_line(void *context)
{
    struct terminal *terminal = CAST(terminal, context);
    console_long_line(&terminal->console);
}

bool terminal_interrupt(struct terminal *terminal)
{
    if (!terminal->screen.shown)
        return false;
    bool interrupted = terminal_feed_interrupt();
    if (!interrupted && rl_end == 0)
        return false;
    terminal_feed_clear();
    terminal_screen_hide(&terminal->screen);
    rl_callback_handler_remove();
    rl_callback_handler_install(terminal->screen.prompt, terminal_line);
    fflush(terminal->screen.stream);
    return true;
}

/* --- foreground and background --- */

static void measure(struct terminal *terminal)
{
    terminal->console.columns = window_columns(STDOUT_FILENO);
}

static void install(struct terminal *terminal)
{
    terminal_draw(terminal);
    rl_callback_handler_install(terminal->screen.prompt, terminal_line);
    terminal->installed = true;
    terminal->screen.shown = true;
    fflush(terminal->screen.stream);
}

/* Shows the line, or waits until the terminal is ours. */
static void terminal_enter(struct terminal *terminal)
{
    if (terminal->hung_up)
        return;
    if (!terminal_modes_foreground()) {
        terminal->screen.shown = false;
        timeout_set(terminal->parked, TERMINAL_PARKED_US);
        return;
    }
    terminal_screen_enter(&terminal->screen);
    measure(terminal);
    if (!terminal->installed) {
        install(terminal);
        return;
    }
    terminal_screen_hide(&terminal->screen);
    terminal->screen.shown = true;
    terminal_screen_show(&terminal->screen);
    terminal_feed_resume();
}

static void enter_cb(void *context)
{
    terminal_enter(context);
}

static void resized_cb(void *context)
{
    struct terminal *terminal = CAST(terminal, context);
    measure(terminal);
    terminal_screen_resized(&terminal->screen);
}

/*
 * Ctrl-Z: hands the terminal back, then does what the signal would have done. In a process
 * group that no shell watches it does nothing, and we go on.
 */
static void stopped_cb(void *context)
{
    struct terminal *terminal = CAST(terminal, context);
    terminal_screen_hide(&terminal->screen);
    terminal->screen.shown = false;
    outlet_flush(terminal->outlet);
    terminal_modes_leave();
    watch_stop(terminal->stopped);
    raise(SIGTSTP);
    watch_start(terminal->stopped);
    terminal_enter(terminal);
}

static bool may_stop(void)
{
    struct sigaction action;
    return sigaction(SIGTSTP, NULL, &action) == 0 && action.sa_handler != SIG_IGN;
}

/* --- life --- */

bool terminal_possible(int in, int out)
{
    return isatty(in) && isatty(out);
}

static void drained(void *context)
{
    struct terminal *terminal = CAST(terminal, context);
    console_drained(&terminal->console);
}

static void broken(void *context)
{
    struct terminal *terminal = CAST(terminal, context);
    console_mute(&terminal->console);
}

static void make_events(struct terminal *terminal)
{
    terminal->draw = terminal_timer(terminal, draw_cb);
    terminal->soon = terminal_timer(terminal, soon_cb);
    terminal->parked = terminal_timer(terminal, enter_cb);
    terminal->resized = terminal_signal(terminal, SIGWINCH, resized_cb);
    terminal->continued = terminal_signal(terminal, SIGCONT, enter_cb);
    terminal->stopped = terminal_signal(terminal, SIGTSTP, stopped_cb);
}

struct terminal *terminal_create(struct loop *loop, const struct console_settings *settings,
                                 const struct console_hooks *hooks)
{
    static const struct outlet_callbacks callbacks = {.drained = drained, .broken = broken};
    struct terminal *terminal = mem_zalloc(sizeof *terminal);
    CAST_INIT(terminal, terminal);
    const struct terminal_feed_hooks feed = {gone, paused, long_line, terminal};
    terminal->loop = loop;
    terminal->hooks = *hooks;
    terminal->outlet = outlet_create(loop, STDOUT_FILENO, &callbacks, terminal);
    terminal_screen_init(&terminal->screen, terminal->outlet);
    make_events(terminal);
    console_init(&terminal->console, settings, &terminal_front);
    measure(terminal);
    terminal_present = terminal;
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
    watch_start(terminal->resized);
    watch_start(terminal->continued);
    if (may_stop())
        watch_start(terminal->stopped);
    terminal_enter(terminal);
}

static void free_events(struct terminal *terminal)
{
    timeout_destroy(terminal->draw);
    timeout_destroy(terminal->soon);
    timeout_destroy(terminal->parked);
    watch_destroy(terminal->resized);
    watch_destroy(terminal->continued);
    watch_destroy(terminal->stopped);
}

void terminal_destroy(struct terminal *terminal)
{
    if (!terminal)
        return;
    terminal_screen_hide(&terminal->screen);
    terminal->screen.shown = false;
    terminal_draw(terminal);
    if (terminal->installed)
        rl_callback_handler_remove();
    terminal_complete_init(NULL);
    terminal_feed_finish();
    console_finish(&terminal->console);
    terminal_screen_finish(&terminal->screen);
    outlet_destroy(terminal->outlet);
    terminal_modes_leave();
    free_events(terminal);
    terminal_present = NULL;
    free(terminal);
}

bool terminal_hung_up(const struct terminal *terminal)
{
    return terminal->hung_up;
}

struct console *terminal_base(struct terminal *terminal)
{
    return &terminal->console;
}
