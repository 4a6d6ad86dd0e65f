/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_job.h"

#include <signal.h>
#include <unistd.h>

#include "console/terminal_feed.h"
#include "console/terminal_line.h"
#include "console/terminal_modes.h"
#include "console/terminal_state.h"
#include "console/window.h"
#include "loop/loop.h"
#include "loop/outlet.h"
#include "loop/timeout.h"
#include "loop/watch.h"

enum { JOB_PARKED = 500000 }; /* microseconds between looks whether the terminal is ours */

void terminal_job_measure(struct terminal *terminal)
{
    terminal->console.columns = window_columns(STDOUT_FILENO);
}

static void job_enter(struct terminal *terminal)
{
    if (terminal->hung_up)
        return;
    if (!terminal_modes_foreground()) {
        terminal->screen.shown = false;
        timeout_set(terminal->parked, JOB_PARKED);
        return;
    }
    terminal_screen_enter(&terminal->screen);
    terminal_job_measure(terminal);
    if (!terminal->installed) {
        terminal_line_install(terminal);
        return;
    }
    terminal_screen_hide(&terminal->screen);
    terminal->screen.shown = true;
    terminal_screen_show(&terminal->screen);
    terminal_feed_resume();
}

static void job_enter_cb(void *context)
{
    job_enter(CAST(terminal, context));
}

static void job_resized_cb(void *context)
{
    struct terminal *terminal = CAST(terminal, context);
    terminal_job_measure(terminal);
    terminal_screen_resized(&terminal->screen);
}

/*
 * Ctrl-Z: hands the terminal back, then does what the signal would have done. In a process
 * group that no shell watches it does nothing, and we go on.
 */
static void job_stopped_cb(void *context)
{
    struct terminal *terminal = CAST(terminal, context);
    terminal_screen_hide(&terminal->screen);
    terminal->screen.shown = false;
    outlet_flush(terminal->outlet);
    terminal_modes_leave();
    watch_stop(terminal->stopped);
    raise(SIGTSTP);
    watch_start(terminal->stopped);
    job_enter(terminal);
}

static bool job_may_stop(void)
{
    struct sigaction action;
    return sigaction(SIGTSTP, NULL, &action) == 0 && action.sa_handler != SIG_IGN;
}

/* --- life --- */

static struct watch *job_signal(struct terminal *terminal, int number,
                                void (*caught)(void *context))
{
    return watch_create(terminal->loop, number, WATCH_SIGNAL, LOOP_OPERATOR, PART_CONSOLE,
                        caught, terminal);
}

void terminal_job_init(struct terminal *terminal)
{
    terminal->parked =
        timeout_create(terminal->loop, LOOP_OPERATOR, PART_CONSOLE, job_enter_cb, terminal);
    terminal->resized = job_signal(terminal, SIGWINCH, job_resized_cb);
    terminal->continued = job_signal(terminal, SIGCONT, job_enter_cb);
    terminal->stopped = job_signal(terminal, SIGTSTP, job_stopped_cb);
}

void terminal_job_start(struct terminal *terminal)
{
    watch_start(terminal->resized);
    watch_start(terminal->continued);
    if (job_may_stop())
        watch_start(terminal->stopped);
    job_enter(terminal);
}

void terminal_job_finish(struct terminal *terminal)
{
    timeout_destroy(terminal->parked);
    watch_destroy(terminal->resized);
    watch_destroy(terminal->continued);
    watch_destroy(terminal->stopped);
}
