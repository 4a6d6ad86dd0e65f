/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/text_entry.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/charset.h"
#include "base/escape.h"
#include "console/console.h"
#include "console/text_cells.h"
#include "console/text_colour.h"
#include "console/text_fold.h"
#include "console/text_time.h"

enum {
    LABEL_STEP = 4,   /* cells by which the column of labels grows */
    LABEL_MOST = 24,  /* of which it never takes more, */
    WORDS_LEAST = 40, /* and only where so many are left for what is said */
    LABEL_NARROW = 8, /* to which it is cut without a column; */
    WORDS_NARROW = 8, /* so many are left then */
    MARK_CELLS = 3,   /* " ← " */
};

const char *text_mark(enum text_mark mark)
{
    static const char *const marks[] = {" ", "←", "→"}, *const plain[] = {" ", "<", ">"};
    return charset_utf8() ? marks[mark] : plain[mark];
}

/* --- the label --- */

/* The most cells that the column may take; 0: there is none. */
static unsigned column_most(const struct console *console, unsigned time)
{
    const unsigned others = time + MARK_CELLS + WORDS_LEAST;
    const unsigned row = console->columns > 0 ? text_row_width(console->columns) : 0;
    const unsigned room = row > others ? (row - others) / LABEL_STEP * LABEL_STEP : 0;
    return room < LABEL_MOST ? room : LABEL_MOST;
}

/* The column's cells, after a label of so many. */
static unsigned column_grow(struct console *console, unsigned cells, unsigned most)
{
    unsigned *column = &console->label_column;
    const unsigned wanted = (cells + LABEL_STEP - 1) / LABEL_STEP * LABEL_STEP;
    if (*column < LABEL_STEP)
        *column = LABEL_STEP;
    if (*column < wanted)
        *column = wanted;
    if (*column > most)
        *column = most;
    return *column;
}

/* Its number, and a name behind it; or what stands for several. */
static void label_text(const struct text_entry *entry, UT_string *label)
{
    if (entry->label)
        text_plain(label, entry->label);
    else if (entry->peer)
        text_peer(label, entry->peer);
}

/* Cut where it takes more than room, but never its number. Returns the cells. */
static unsigned label_cut(UT_string *out, const char *label, unsigned room)
{
    const unsigned number = (unsigned)strcspn(label, " ");
    const unsigned least = number + (label[number] ? 1 : 0); /* an ellipsis behind it */
    return *label ? text_cut(out, label, room > least ? room : least, false) : 0;
}

static void label_in_column(struct console *console, const struct text_entry *entry,
                            unsigned most)
{
    UT_string *out = &console->out, label;
    const unsigned tag = entry->tag ? text_width(entry->tag) + 1 : 0;
    utstring_init(&label);
    label_text(entry, &label);
    const unsigned column = column_grow(console, text_width(utstring_body(&label)) + tag, most);
    const unsigned cells =
        label_cut(out, utstring_body(&label), column > tag ? column - tag : 0) + tag;
    if (entry->tag)
        utstring_printf(out, " %s", entry->tag);
    utstring_printf(out, "%*s %s", cells < column ? (int)(column - cells) : 0, "",
                    text_mark(entry->mark));
    utstring_done(&label);
}

/* So that its mark stands in the same row, where that can be. */
static unsigned room_in_line(const struct console *console, unsigned others)
{
    const unsigned row = console->columns > 0 ? text_row_width(console->columns) : UINT_MAX;
    const unsigned least = others + MARK_CELLS + WORDS_NARROW + LABEL_NARROW;
    return row < least ? UINT_MAX : row - least + LABEL_NARROW;
}

static void label_in_line(struct console *console, const struct text_entry *entry,
                          unsigned time)
{
    UT_string *out = &console->out, label;
    const unsigned tag = entry->tag ? text_width(entry->tag) + 1 : 0;
    utstring_init(&label);
    label_text(entry, &label);
    label_cut(out, utstring_body(&label), room_in_line(console, time + tag));
    utstring_done(&label);
    if (entry->tag) {
        text_plain(out, " ");
        text_plain(out, entry->tag);
    }
    if (entry->mark != TEXT_MARK_NONE) {
        text_plain(out, " ");
        text_plain(out, text_mark(entry->mark));
    }
}

void text_entry_expect(struct console *console, const struct who *peer)
{
    const unsigned most = column_most(console, text_time_cells(console->session.time_form));
    UT_string label;
    if (most == 0)
        return;
    utstring_init(&label);
    text_peer(&label, peer);
    column_grow(console, text_width(utstring_body(&label)), most);
    utstring_done(&label);
}

/* --- the entry --- */

/* None where it is of several, or of nobody. */
static const char *entry_colour(const struct console *console, const struct text_entry *entry)
{
    const bool one = entry->peer && (entry->passed || !entry->label);
    return one ? text_colour(console->colours, entry->peer->number) : "";
}

void text_entry_begin(struct console *console, struct text_entry *entry)
{
    UT_string *out = &console->out;
    entry->start = utstring_len(out);
    const unsigned time = text_time(console, entry->time);
    const unsigned most = column_most(console, time);
    const char *colour = entry_colour(console, entry);
    text_plain(out, colour);
    if (most > 0)
        label_in_column(console, entry, most);
    else
        label_in_line(console, entry, time);
    text_plain(out, *colour ? TEXT_COLOUR_END : "");
    text_plain(out, entry->peer || entry->label || most > 0 ? " " : "");
    entry->indent = most > 0 ? time + console->label_column + 1 : 0;
    entry->words = utstring_len(out);
    if (entry->style != TEXT_NORMAL)
        text_style(console, entry->style);
}

/* What begins a row below the first, with a mark of its own. */
static void row_begin(const struct console *console, const struct text_entry *entry,
                      const char *mark, UT_string *out)
{
    const char *colour = entry_colour(console, entry);
    unsigned indent = entry->indent;
    if (indent == 0)
        indent = (unsigned)strspn(text_gutter(console->columns), " ");
    utstring_printf(out, "%*s%s%s%s ", (int)indent, "", colour, mark,
                    *colour ? TEXT_COLOUR_END : "");
}

void text_entry_gutter(const struct console *console, const struct text_entry *entry,
                       UT_string *out)
{
    row_begin(console, entry, charset_utf8() ? "│" : "|", out);
}

void text_entry_below(struct console *console, const struct text_entry *entry)
{
    row_begin(console, entry, charset_utf8() ? "└" : "`", &console->out);
}

size_t text_entry_fold(struct console *console, const struct text_entry *entry,
                       struct text_fold how)
{
    UT_string *out = &console->out, gutter;
    const size_t size = utstring_len(out) - entry->start;
    char *line = mem_dup(utstring_body(out) + entry->start, size);
    utstring_init(&gutter);
    text_entry_gutter(console, entry, &gutter);
    how.columns = console->columns;
    how.gutter = utstring_body(&gutter);
    out->i = entry->start;
    const size_t held = text_fold(out, line, size, &how);
    utstring_done(&gutter);
    free(line);
    return held;
}

void text_entry_end(struct console *console, const struct text_entry *entry)
{
    UT_string *out = &console->out;
    if (entry->style != TEXT_NORMAL)
        text_style_end(console);
    if (console->columns > 0 &&
        utstring_len(out) - entry->start > text_row_width(console->columns))
        text_entry_fold(console, entry, (struct text_fold){.rows = 0});
    text_plain(out, "\n");
}

void text_entry_notice(struct console *console, int64_t time, const char *text)
{
    UT_string *out = &console->out;
    struct text_entry entry = {.time = time, .style = TEXT_NOTICE};
    utstring_clear(out);
    text_entry_begin(console, &entry);
    escape_message(out, text);
    text_entry_end(console, &entry);
    console_write(console, utstring_body(out), utstring_len(out));
}
