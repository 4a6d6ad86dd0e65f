/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was typed, kept across runs in $XDG_STATE_HOME/telex/history (XDG base directories 0.8),
 * which only its owner may read. Without a place for it, or where something else than a file
 * stands there, as a symbolic link does, there is the history of this run.
 */
#ifndef TELEX_CONSOLE_TERMINAL_HISTORY_H
#define TELEX_CONSOLE_TERMINAL_HISTORY_H

enum {
    TERMINAL_HISTORY_MAX = 1000,          /* lines */
    TERMINAL_HISTORY_LINE_MAX = 16 << 10, /* bytes; a longer line is not kept */
    TERMINAL_HISTORY_FILE_MAX = 1 << 20,  /* bytes that are read, from the end of the file */
};

/* Reads the file; what it has too much is cut off. */
void terminal_history_load(void);
/* Nor are empty lines kept, or the same line twice in a row. */
void terminal_history_add(const char *line);

#endif
