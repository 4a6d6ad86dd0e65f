/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/text_table.h"

#include <string.h>

#include "console/text_cells.h"

enum {
    TEXT_COLUMN_GAP = 2,
    TEXT_COLUMN_EASY = 21, /* an IPv4 address with its port */
    TEXT_COLUMN_LEAST = 8, /* a letter, an ellipsis, a port */
};

void text_table_init(struct text_table *table, const struct text_column *columns,
                     unsigned count)
{
    *table = (struct text_table){.columns = columns, .count = count};
    utstring_init(&table->text);
    utstring_init(&table->cell);
}

void text_table_finish(struct text_table *table)
{
    utstring_done(&table->text);
    utstring_done(&table->cell);
}

static void widen(struct text_table *table, unsigned column, const char *text)
{
    unsigned width = text_width(text);
    if (width > table->widths[column])
        table->widths[column] = width;
}

void text_table_next(struct text_table *table)
{
    unsigned column = (unsigned)(table->cells % table->count);
    const char *text = utstring_body(&table->cell), *empty = table->columns[column].empty;
    widen(table, column, text);
    if (!empty || strcmp(text, empty) != 0)
        table->filled[column] = true;
    ut_append(&table->text, text, utstring_len(&table->cell) + 1);
    utstring_clear(&table->cell);
    table->cells++;
}

static unsigned text_table_width(const struct text_table *table)
{
    unsigned width = 0;
    for (unsigned i = 0; i < table->count; i++)
        if (!table->left_out[i])
            width += table->widths[i] + (width > 0 ? TEXT_COLUMN_GAP : 0);
    return width;
}

/* Takes from the widest column that can be cut, until the table fits or all are at least. */
static void cut(struct text_table *table, unsigned width, unsigned least)
{
    while (text_table_width(table) > width) {
        unsigned *widest = NULL;
        for (unsigned i = 0; i < table->count; i++)
            if (!table->left_out[i] && table->columns[i].cut != TEXT_WHOLE &&
                table->widths[i] > least && (!widest || table->widths[i] > *widest))
                widest = &table->widths[i];
        if (!widest)
            return;
        --*widest;
    }
}

/* Leaves out columns by rank, until the table fits; all, or those that say nothing. */
static void leave_out(struct text_table *table, unsigned width, bool all)
{
    while (text_table_width(table) > width) {
        unsigned least = table->count; /* important; its index */
        for (unsigned i = 0; i < table->count; i++)
            if (!table->left_out[i] && table->columns[i].rank > 0 &&
                (all || !table->filled[i]) &&
                (least == table->count || table->columns[i].rank > table->columns[least].rank))
                least = i;
        if (least == table->count)
            return;
        table->left_out[least] = true;
    }
}

static void fit(struct text_table *table, unsigned width)
{
    leave_out(table, width, false);
    cut(table, width, TEXT_COLUMN_EASY);
    leave_out(table, width, true);
    cut(table, width, TEXT_COLUMN_LEAST);
}

static void text_pad(UT_string *out, unsigned count)
{
    utstring_printf(out, "%*s", (int)count, "");
}

/* Blanks behind a cell are kept back until another follows. */
static void text_table_cell(const struct text_table *table, UT_string *out, unsigned column,
                            const char *text, unsigned *blanks)
{
    unsigned room = table->widths[column];
    UT_string cell;
    if (table->left_out[column])
        return;
    utstring_init(&cell);
    bool middle = table->columns[column].cut == TEXT_CUT_MIDDLE;
    unsigned pad = room - text_cut(&cell, text, room, middle);
    bool right = table->columns[column].right;
    text_pad(out, *blanks + (right ? pad : 0));
    utstring_concat(out, &cell);
    *blanks = TEXT_COLUMN_GAP + (right ? 0 : pad);
    utstring_done(&cell);
}

static bool is_whole(const struct text_table *table)
{
    for (unsigned i = 0; i < table->count; i++)
        if (table->left_out[i])
            return false;
    return true;
}

static void text_table_titles(const struct text_table *table, UT_string *out)
{
    unsigned blanks = 0;
    for (unsigned i = 0; i < table->count; i++)
        text_table_cell(table, out, i, table->columns[i].title, &blanks);
    utstring_bincpy(out, "\n", 1);
}

void text_table_print(struct text_table *table, UT_string *out, unsigned width, bool titles)
{
    const char *text = utstring_body(&table->text);
    unsigned blanks = 0;
    for (unsigned i = 0; i < table->count; i++)
        widen(table, i, table->columns[i].title);
    fit(table, width);
    if (titles || !is_whole(table))
        text_table_titles(table, out);
    for (size_t i = 0; i < table->cells; i++) {
        unsigned column = (unsigned)(i % table->count);
        text_table_cell(table, out, column, text, &blanks);
        text += strlen(text) + 1;
        if (column + 1 == table->count) {
            utstring_bincpy(out, "\n", 1);
            blanks = 0;
        }
    }
}
