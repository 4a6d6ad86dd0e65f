/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Gives readline keys from descriptor 0, and only keys that are there: whatever it is in the
 * middle of (a search, a count, half a command), it never waits for the next one. What is
 * pasted is put into the line as text; each of its lines is entered. One in a process, because
 * readline is.
 */
#ifndef TELEX_CONSOLE_TERMINAL_FEED_H
#define TELEX_CONSOLE_TERMINAL_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct terminal_screen;

struct terminal_feed_hooks {
    void (*gone)(void *context);            /* the terminal has hung up; asked for no more */
    bool (*paused)(void *context);          /* asked before each key: whether it has to wait */
    void (*long_line)(void *context);       /* the line was over LINES_MAX and is dropped */
    void (*freeze)(void *context, bool on); /* Ctrl-S, Ctrl-Q: the display is held */
    void (*say)(void *context, const char *text,
                size_t size); /* whole lines are to be shown; or the prompt is another */
    void *context;
};

/* Once readline is set up. screen stays the caller's. */
void terminal_feed_init(struct loop *loop, struct terminal_screen *screen,
                        const struct terminal_feed_hooks *hooks);
void terminal_feed_finish(void);
/* Begins to read. Keys are worked on for 3 ms a turn, and the line is drawn once for all. */
void terminal_feed_start(void);
/* How many keys readline was given so far; what is pasted counts for none. */
uint64_t terminal_feed_keys(void);
/* Reads no more while on, but for Ctrl-Q. */
void terminal_feed_hold(bool on);
/* What paused says may have changed. */
void terminal_feed_resume(void);
/*
 * At a signal from the keyboard: what was typed before it counts, a paste that it interrupts
 * does not. Returns whether something was dropped.
 */
bool terminal_feed_interrupt(void);
/* Empties the line, of whatever kind it is. */
void terminal_feed_clear(void);

#endif
