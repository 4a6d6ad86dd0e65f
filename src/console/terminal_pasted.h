/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pastes in the line being typed: each of their lines is entered, but commands wait until they
 * were shown and asked about, and what stands behind them waits too. One in a process, because
 * readline is.
 */
#ifndef TELEX_CONSOLE_TERMINAL_PASTED_H
#define TELEX_CONSOLE_TERMINAL_PASTED_H

#include <stdbool.h>
#include <stddef.h>

struct terminal_screen;

struct terminal_pasted_hooks {
    void (*enter)(void); /* the line that stands in readline */
    void (*say)(void *context, const char *text, size_t size); /* lines to be shown */
    void *context;                                             /* of say */
};

void terminal_pasted_init(struct terminal_screen *screen,
                          const struct terminal_pasted_hooks *hooks);
void terminal_pasted_finish(void);
/* Drops what waits; returns whether there was something. */
bool terminal_pasted_drop(void);

/* A line of a paste has ended: enters it, or has it wait. */
void terminal_pasted_line(void);
/* The paste has ended. What is left in the line comes back behind the lines that wait. */
void terminal_pasted_end(void);
/* Whether text that is pasted now is dropped. */
bool terminal_pasted_ignores(void);
/* Whether a key is the answer to a question. */
bool terminal_pasted_asks(void);
/* y or n; all else is no answer. */
void terminal_pasted_answer(char key);
/* Whether lines are there that may run, and has the next one do so. */
bool terminal_pasted_runs(void);
void terminal_pasted_run(void);

#endif
