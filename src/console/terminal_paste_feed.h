/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pastes in the line being typed: each of their lines is entered, but commands wait until they
 * were shown and asked about, and what stands behind them waits too. One in a process, because
 * readline is.
 */
#ifndef TELEX_CONSOLE_TERMINAL_PASTE_FEED_H
#define TELEX_CONSOLE_TERMINAL_PASTE_FEED_H

#include <stdbool.h>
#include <stddef.h>

struct terminal_screen;

struct terminal_paste_feed_hooks {
    void (*enter)(void); /* the line that stands in readline */
    void (*say)(void *context, const char *text, size_t size); /* lines to be shown */
    void *context;                                             /* of say */
};

void terminal_paste_feed_init(struct terminal_screen *screen,
                              const struct terminal_paste_feed_hooks *hooks);
void terminal_paste_feed_finish(void);
/* Drops what waits; returns whether there was something. */
bool terminal_paste_feed_drop(void);

/* A line of a paste has ended: enters it, or has it wait. */
void terminal_paste_feed_line(void);
/* The paste has ended. What is left in the line comes back behind the lines that wait. */
void terminal_paste_feed_end(void);
/* Whether text that is pasted now is dropped. */
bool terminal_paste_feed_ignores(void);
/* Whether a key is the answer to a question. */
bool terminal_paste_feed_asks(void);
/* y or n; all else is no answer. */
void terminal_paste_feed_answer(char key);
/* Whether lines are there that may run, and has the next one do so. */
bool terminal_paste_feed_runs(void);
void terminal_paste_feed_run(void);

#endif
