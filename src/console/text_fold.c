/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/text_fold.h"

#include <string.h>

#include "base/charset.h"
#include "console/text_cells.h"

enum {
    FOLD_COLUMNS_LEAST = 5, /* a narrow gutter, a wide letter, the free column */
    FOLD_NARROW = 40,       /* columns under which the gutter is narrow */
};

static unsigned fold_columns(unsigned columns)
{
    return columns > FOLD_COLUMNS_LEAST ? columns : FOLD_COLUMNS_LEAST;
}

unsigned text_row_width(unsigned columns)
{
    return fold_columns(columns) - 1;
}

const char *text_gutter(unsigned columns)
{
    if (columns < FOLD_NARROW)
        return charset_utf8() ? "│ " : "| ";
    return charset_utf8() ? "  │ " : "  | ";
}

struct fold {
    UT_string *out;
    const struct text_fold *how;
    const char *line;
    const char *gutter;
    unsigned width;   /* of a row */
    unsigned indent;  /* of the gutter */
    size_t begin;     /* where in line the present row begins */
    size_t word;      /* and its last word */
    size_t held;      /* all before this has its place */
    unsigned at;      /* cells of the row that are taken */
    unsigned word_at; /* of these, before the last word */
    unsigned rows;    /* begun */
    bool ended;       /* a newline has ended the row */
};

static struct fold fold_init(UT_string *out, const char *line, const struct text_fold *how)
{
    const char *gutter = how->gutter ? how->gutter : text_gutter(how->columns);
    return (struct fold){.out = out,
                         .how = how,
                         .line = line,
                         .gutter = gutter,
                         .width = text_row_width(how->columns),
                         .indent = text_width(gutter),
                         .rows = 1};
}

/* An escape sequence may be longer than a very narrow row, and is cut then. */
static struct text_piece fold_piece(const struct fold *fold, size_t size)
{
    struct text_piece piece = text_piece(fold->line + fold->held, size - fold->held);
    if (piece.cells > fold->width - fold->indent)
        piece = (struct text_piece){1, 1};
    return piece;
}

static bool fold_has_room(const struct fold *fold, struct text_piece piece)
{
    bool blank = !fold->how->message && piece.length == 1 && fold->line[fold->held] == ' ';
    if (piece.cells == 0 || (blank && fold->at == fold->width))
        return true;
    return !fold->ended && fold->at + piece.cells <= fold->width;
}

/* The row that ends there. */
static void fold_put(const struct fold *fold, size_t end)
{
    const char *newline = fold->ended ? fold->how->newline : NULL;
    ut_append(fold->out, fold->line + fold->begin, end - fold->begin - (newline ? 2 : 0));
    ut_append(fold->out, newline, newline ? strlen(newline) : 0);
}

/* Ends the row, before its last word where that leaves more of it than the gutter takes. */
static void fold_end_row(struct fold *fold)
{
    bool before = fold->word > fold->begin && fold->word_at > fold->indent;
    size_t end = before ? fold->word : fold->held;
    fold->at = fold->indent + (before ? fold->at - fold->word_at : 0);
    fold_put(fold, end);
    ut_append(fold->out, "\n", 1);
    ut_append(fold->out, fold->gutter, strlen(fold->gutter));
    fold->begin = end;
    fold->ended = false;
    fold->rows++;
}

static void fold_take(struct fold *fold, struct text_piece piece)
{
    const char *text = fold->line + fold->held;
    fold->held += piece.length;
    fold->at += piece.cells;
    if (fold->how->message && piece.cells > 0)
        fold->ended = piece.length == 2 && memcmp(text, "\\n", 2) == 0;
    if (!fold->how->message && *text == ' ') {
        fold->word = fold->held;
        fold->word_at = fold->at;
    }
}

size_t text_fold(UT_string *out, const char *line, size_t size, const struct text_fold *how)
{
    struct fold fold = fold_init(out, line, how);
    bool more = true;
    while (more && fold.held < size) {
        struct text_piece piece = fold_piece(&fold, size);
        while (more && !fold_has_room(&fold, piece)) {
            more = fold.rows != how->rows;
            if (more)
                fold_end_row(&fold);
        }
        if (more)
            fold_take(&fold, piece);
    }
    fold_put(&fold, fold.held);
    return fold.held;
}

void text_fold_lines(UT_string *out, const char *lines, size_t size, unsigned columns)
{
    const struct text_fold how = {.columns = columns};
    while (size > 0) {
        const char *newline = memchr(lines, '\n', size);
        size_t length = newline ? (size_t)(newline - lines) : size;
        size_t step = length + (newline ? 1 : 0);
        if (length <= text_row_width(columns))
            ut_append(out, lines, length); /* no cell without a byte */
        else
            text_fold(out, lines, length, &how);
        ut_append(out, "\n", newline ? 1 : 0);
        lines += step;
        size -= step;
    }
}
