/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was typed, kept across runs in $XDG_STATE_HOME/telex/history (XDG base directories 0.8),
 * which only its owner may read. Without a place for it there is the history of this run.
 */
#ifndef TELEX_CONSOLE_TERMINAL_HISTORY_H
#define TELEX_CONSOLE_TERMINAL_HISTORY_H

enum { TERMINAL_HISTORY_MAX = 1000 }; /* lines */

/* Reads the file; what it has too much is cut off. */
void terminal_history_load(void);
/* Empty lines, and the same line twice in a row, are not kept. */
void terminal_history_add(const char *line);

#endif
