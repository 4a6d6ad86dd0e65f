/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much room a text that is safe to show (base/escape) takes on a terminal. */
#ifndef TELEX_CONSOLE_TEXT_CELLS_H
#define TELEX_CONSOLE_TEXT_CELLS_H

#include <stdbool.h>

#include "base/ut.h"

/* What has to stand in one row. */
struct text_piece {
    size_t length;  /* in bytes */
    unsigned cells; /* at most as many as bytes */
};

/*
 * The piece that text (size > 0) begins with: a letter with the marks on it, an escape sequence
 * as base/escape makes them, or a style (console/text_line), which takes no cells.
 */
struct text_piece text_piece(const char *text, size_t size);

/* The cells of as many whole pieces of text as most cells hold; *length is their bytes. */
unsigned text_fit(const char *text, size_t size, unsigned most, size_t *length);

/* The cells of all of it. */
unsigned text_width(const char *text);

/*
 * Appends text, cut with an ellipsis where it takes more than room (> 0) cells: at its end, or
 * in its middle, so that a port stays whole where that has room. Returns the cells.
 */
unsigned text_cut(UT_string *out, const char *text, unsigned room, bool middle);

#endif
