/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An aligned table that fits a width, for people. */
#ifndef TELEX_CONSOLE_TEXT_TABLE_H
#define TELEX_CONSOLE_TEXT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ut.h"

enum { TEXT_TABLE_COLUMNS = 12 };

enum text_column_cut {
    TEXT_WHOLE,      /* never cut */
    TEXT_CUT_END,    /* what stands at its end matters least */
    TEXT_CUT_MIDDLE, /* an address: its port matters most */
};

struct text_column {
    const char *title;
    bool right;               /* aligned */
    enum text_column_cut cut; /* where the table is too wide */
    const char *empty;        /* a cell that says nothing; NULL: there is none */
    unsigned rank;            /* what can be left out: the highest goes first, 0 never */
};

struct text_table {
    const struct text_column *columns;
    unsigned count;
    UT_string text;                      /* the cells, each with its NUL */
    UT_string cell;                      /* the one being made: append, then text_table_next */
    size_t cells;                        /* finished */
    unsigned widths[TEXT_TABLE_COLUMNS]; /* of the terminal's cells, not bytes */
    bool filled[TEXT_TABLE_COLUMNS];     /* some cell says something */
    bool left_out[TEXT_TABLE_COLUMNS];
};

void text_table_init(struct text_table *table, const struct text_column *columns,
                     unsigned count);
void text_table_finish(struct text_table *table);
/* The cell in table->cell is whole; it holds no control characters. */
void text_table_next(struct text_table *table);
/*
 * Appends the table. Where it is wider than width, columns that say nothing are left out, then
 * long cells cut, then others left out by rank, then cells cut to the utmost; it may be wider
 * still. The titles are left out only where all columns are there.
 */
void text_table_print(struct text_table *table, UT_string *out, unsigned width, bool titles);

#endif
