/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines that fit a terminal: a long one becomes rows, all but the first begun with a gutter.
 * The terminal itself never wraps, so that no text from outside ever stands where a line of
 * ours begins. Put together again without gutters, the rows are the line. Pure functions.
 */
#ifndef TELEX_CONSOLE_TEXT_FOLD_H
#define TELEX_CONSOLE_TEXT_FOLD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ut.h"

struct text_fold {
    unsigned columns; /* of the terminal, as 5 where it has fewer */
    unsigned rows;    /* the most that are made; 0: as many as it takes */
    bool message;     /* rows are filled, and end behind each \n; else they end behind words */
    const char *gutter;  /* before each row but the first; NULL: text_gutter */
    const char *newline; /* in place of each \n that ends a row of a message; NULL: as it is */
};

/* How wide a row may be: the last column stays free, in which terminals differ. Only a blank
 * behind a word may stand there. */
unsigned text_row_width(unsigned columns);

/* What stands before each row but the first where nothing else is asked for: spaces and a mark.
 */
const char *text_gutter(unsigned columns);

/*
 * Appends a line (safe to show, without its newline) to out in rows, with no newline behind the
 * last. Returns how many of its bytes they hold: all, or those for which there were rows.
 */
size_t text_fold(UT_string *out, const char *line, size_t size, const struct text_fold *how);

/* The same for each of several lines, which end with newlines: those stay. */
void text_fold_lines(UT_string *out, const char *lines, size_t size, unsigned columns);

#endif
