/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/text_table.h"

#include <string.h>
#include <wchar.h>

#include "base/utf8.h"

enum { TEXT_COLUMN_MIN = 8, TEXT_COLUMN_GAP = 2 };

/* The width of the character at text, and its length in bytes (at least 1). */
static unsigned text_character(const char *text, size_t size, size_t *length)
{
    uint32_t code = 0;
    int got = utf8_decode((const uint8_t *)text, size, &code);
    *length = got > 0 ? (size_t)got : 1;
    int width = got > 0 ? wcwidth((wchar_t)code) : 1;
    return width >= 0 ? (unsigned)width : 1;
}

/* Cells of as much of text as fits most; *length is how many bytes that is. */
static unsigned text_fit(const char *text, unsigned most, size_t *length)
{
    size_t size = strlen(text);
    unsigned width = 0;
    *length = 0;
    while (*length < size) {
        size_t step;
        unsigned next = text_character(text + *length, size - *length, &step);
        if (width + next > most)
            break;
        width += next;
        *length += step;
    }
    return width;
}

unsigned text_width(const char *text)
{
    size_t length;
    return text_fit(text, (unsigned)-1 / 2, &length);
}

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

static void text_table_widen(struct text_table *table, unsigned column, const char *text)
{
    unsigned width = text_width(text);
    if (width > table->widths[column])
        table->widths[column] = width;
}

void text_table_next(struct text_table *table)
{
    text_table_widen(table, (unsigned)(table->cells % table->count),
                     utstring_body(&table->cell));
    ut_append(&table->text, utstring_body(&table->cell), utstring_len(&table->cell) + 1);
    utstring_clear(&table->cell);
    table->cells++;
}

/* Takes from the widest column that shrinks until the table fits, or none is left. */
static void text_table_shrink(struct text_table *table, unsigned width)
{
    for (;;) {
        unsigned total = (table->count - 1) * TEXT_COLUMN_GAP;
        unsigned widest = table->count;
        for (unsigned i = 0; i < table->count; i++) {
            total += table->widths[i];
            if (table->columns[i].shrinks && table->widths[i] > TEXT_COLUMN_MIN &&
                (widest == table->count || table->widths[i] > table->widths[widest]))
                widest = i;
        }
        if (total <= width || widest == table->count)
            return;
        table->widths[widest]--;
    }
}

static void text_pad(UT_string *out, unsigned count)
{
    utstring_printf(out, "%*s", (int)count, "");
}

static void text_table_cell(const struct text_table *table, UT_string *out, unsigned column,
                            const char *text)
{
    unsigned room = table->widths[column];
    size_t length;
    unsigned width = text_fit(text, room, &length);
    bool cut = text[length] != 0;
    if (cut) {
        width = text_fit(text, room > 0 ? room - 1 : 0, &length) + 1;
    }
    unsigned pad = room > width ? room - width : 0;
    if (column > 0)
        text_pad(out, TEXT_COLUMN_GAP);
    if (table->columns[column].right)
        text_pad(out, pad);
    utstring_bincpy(out, text, length);
    if (cut)
        utstring_printf(out, "…");
    if (!table->columns[column].right && column + 1 < table->count)
        text_pad(out, pad);
}

void text_table_print(struct text_table *table, UT_string *out, unsigned width, bool titles)
{
    const char *text = utstring_body(&table->text);
    for (unsigned i = 0; i < table->count; i++)
        text_table_widen(table, i, table->columns[i].title);
    text_table_shrink(table, width);
    for (unsigned i = 0; titles && i < table->count; i++)
        text_table_cell(table, out, i, table->columns[i].title);
    if (titles)
        utstring_bincpy(out, "\n", 1);
    for (size_t i = 0; i < table->cells; i++) {
        unsigned column = (unsigned)(i % table->count);
        text_table_cell(table, out, column, text);
        text += strlen(text) + 1;
        if (column + 1 == table->count)
            utstring_bincpy(out, "\n", 1);
    }
}
