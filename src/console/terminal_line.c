/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/readline.h>

#include "console/terminal.h"
#include "console/terminal_feed.h"
#include "console/terminal_freeze.h"
#include "console/terminal_history.h"
#include "console/terminal_state.h"
#include "loop/loop.h"
#include "loop/outlet.h"
#include "loop/timeout.h"

/* Microseconds that a text may be gone from the screen with nothing in its place. */
enum { LINE_PATIENCE = 300000 };

/* The one that readline's callbacks, which carry no argument, are for. */
static struct terminal *line_present;

/* --- what became of it --- */

static void line_show(struct terminal *terminal, const UT_string *rows)
{
    if (utstring_len(rows) > 0)
        console_write(&terminal->console, utstring_body(rows), utstring_len(rows));
}

void terminal_line_answers(struct console *console, enum console_answer answer)
{
    struct terminal *terminal = CAST(terminal, console);
    UT_string rows;
    utstring_init(&rows);
    terminal_echo_answer(&terminal->echo, answer, &rows);
    line_show(terminal, &rows);
    utstring_done(&rows);
}

static void line_unanswered_cb(void *context)
{
    struct terminal *terminal = CAST(terminal, context);
    UT_string rows;
    utstring_init(&rows);
    terminal_echo_show(&terminal->echo, &rows);
    line_show(terminal, &rows);
    utstring_done(&rows);
}

static void line_soon_cb(void *context)
{
    struct terminal *terminal = CAST(terminal, context);
    void (*hook)(void *context) =
        terminal->console.session.leaving ? terminal->hooks.leaving : terminal->hooks.end;
    terminal->ended = false;
    terminal_feed_resume();
    if (hook)
        hook(terminal->hooks.context);
}

/* --- asking before the end --- */

/* Whether a question stands in the way of it, which is on the screen then. */
static bool line_asks(struct terminal *terminal, enum terminal_ask_what what, uint64_t own)
{
    struct terminal_ask *ask = &terminal->ask;
    char text[TERMINAL_ASK_TEXT];
    terminal_ask_text(&terminal->console, what, text);
    if (!*text || !terminal_ask_before(ask, what, loop_clock(), terminal_feed_keys(), own))
        return false;
    terminal_screen_leave(&terminal->screen);
    terminal_freeze(terminal, false);
    console_write(&terminal->console, text, strlen(text));
    return true;
}

/* The same for a key, where it ends the program. */
static bool line_asks_to_end(struct terminal *terminal, uint64_t own)
{
    return terminal->console.leaving_ends && !terminal->ending &&
           line_asks(terminal, TERMINAL_ASK_END, own);
}

static bool line_is_asked(struct terminal *terminal, const char *line, size_t size)
{
    const enum terminal_ask_what what = terminal_ask_line(&terminal->console, line, size);
    if (what == TERMINAL_ASK_NOTHING) {
        terminal_ask_forget(&terminal->ask);
        return false;
    }
    return !terminal->ending &&
           line_asks(terminal, what, terminal_feed_keys() - terminal->ask.keys);
}

/* --- lines --- */

/* The row is taken off the screen where what is said to be sent comes in its place. */
static void line_leave(struct terminal *terminal, const char *line, size_t size)
{
    const bool wanted = terminal_echo_wanted(&terminal->console, line, size);
    if (wanted && terminal_screen_take_off(&terminal->screen)) {
        terminal_echo_add(&terminal->echo, terminal->screen.prompt, line, size);
        return;
    }
    terminal_screen_leave(&terminal->screen);
    terminal_echo_add(&terminal->echo, NULL, line, size);
}

/* An empty line may go without an answer. */
static void line_settle(struct terminal *terminal, size_t size)
{
    const struct console *console = &terminal->console;
    if (size == 0 && !console->session.task)
        terminal_echo_answer(&terminal->echo, CONSOLE_ANSWER_LAST, NULL);
    if (terminal_echo_waits(&terminal->echo))
        timeout_start(terminal->unanswered, LINE_PATIENCE);
}

/* The blank that completion adds behind @PEER is no text where nothing follows. */
static size_t line_size(const char *line)
{
    const size_t size = strlen(line);
    const char *blank = strchr(line, ' ');
    return *line == '@' && blank && blank[1] == '\0' ? size - 1 : size;
}

static void line_run(struct terminal *terminal, const char *line)
{
    const size_t size = line_size(line);
    terminal_history_add(line);
    if (line_is_asked(terminal, line, size))
        return;
    line_leave(terminal, line, size);
    console_line(&terminal->console, line, size);
    line_settle(terminal, size);
}

static void line_end(struct terminal *terminal)
{
    outlet_write(terminal->outlet, "\n", 1);
    if (line_asks_to_end(terminal, 1))
        return;
    terminal->ended = true;
    timeout_start(terminal->soon, 0);
}

/*
 * From within readline, which has left the line on the screen: answers come right below it, or
 * in its place, before readline shows the next prompt. NULL: Ctrl-D.
 */
static void line_entered(char *line)
{
    struct terminal *terminal = line_present;
    terminal->screen.shown = false;
    if (line)
        line_run(terminal, line);
    else
        line_end(terminal);
    free(line);
    terminal_draw(terminal);
    terminal->screen.shown = true;
}

bool terminal_interrupt(struct terminal *terminal)
{
    if (!terminal->screen.shown)
        return false;
    bool interrupted = terminal_feed_interrupt();
    if (!interrupted && rl_end == 0)
        return line_asks_to_end(terminal, 0);
    terminal_ask_forget(&terminal->ask);
    terminal_feed_clear();
    terminal_screen_hide(&terminal->screen);
    rl_callback_handler_remove();
    rl_callback_handler_install(terminal->screen.prompt, line_entered);
    fflush(terminal->screen.stream);
    return true;
}

/* --- life --- */

void terminal_line_install(struct terminal *terminal)
{
    terminal_draw(terminal);
    rl_callback_handler_install(terminal->screen.prompt, line_entered);
    terminal->installed = true;
    terminal->screen.shown = true;
    fflush(terminal->screen.stream);
}

void terminal_line_init(struct terminal *terminal, struct loop *loop)
{
    line_present = terminal;
    terminal->soon = timeout_create(loop, LOOP_OPERATOR, PART_CONSOLE, line_soon_cb, terminal);
    terminal->unanswered =
        timeout_create(loop, LOOP_OPERATOR, PART_CONSOLE, line_unanswered_cb, terminal);
}

void terminal_line_finish(struct terminal *terminal)
{
    if (terminal->installed)
        rl_callback_handler_remove();
    timeout_destroy(terminal->soon);
    timeout_destroy(terminal->unanswered);
    terminal_echo_finish(&terminal->echo);
    line_present = NULL;
}
