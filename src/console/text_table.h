/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An aligned table that fits a width, for people. */
#ifndef TELEX_CONSOLE_TEXT_TABLE_H
#define TELEX_CONSOLE_TEXT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ut.h"

enum { TEXT_TABLE_COLUMNS = 12 };

struct text_column {
    const char *title;
    bool right;   /* aligned */
    bool shrinks; /* cut with an ellipsis where the table is too wide */
};

struct text_table {
    const struct text_column *columns;
    unsigned count;
    UT_string text;                      /* the cells, each with its NUL */
    UT_string cell;                      /* the one being made: append, then text_table_next */
    size_t cells;                        /* finished */
    unsigned widths[TEXT_TABLE_COLUMNS]; /* of the terminal's cells, not bytes */
};

void text_table_init(struct text_table *table, const struct text_column *columns,
                     unsigned count);
void text_table_finish(struct text_table *table);
/* The cell in table->cell is whole; it holds no control characters. */
void text_table_next(struct text_table *table);
/* Appends the table, at most width wide as far as its columns shrink. */
void text_table_print(struct text_table *table, UT_string *out, unsigned width, bool titles);

/* How many cells of a terminal text (UTF-8) takes: wcwidth(3). */
unsigned text_width(const char *text);

#endif
