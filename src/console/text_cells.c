/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/text_cells.h"

#include <limits.h>
#include <string.h>

#include "base/escape.h"
#include "base/utf8.h"

/* "\x1b[32m" */
static size_t text_style_length(const char *text, size_t size)
{
    const char *end = *text == '\x1b' ? memchr(text, 'm', size) : NULL;
    return end ? (size_t)(end - text) + 1 : 0;
}

/* One character; a byte that is none takes a cell. */
static struct text_piece text_character(const char *text, size_t size, bool *joins)
{
    uint32_t code = 0;
    int length = utf8_decode((const uint8_t *)text, size, &code);
    int width = length > 0 ? utf8_width(code) : 1;
    *joins = length > 0 && utf8_advance(code) == 0;
    return (struct text_piece){length > 0 ? (size_t)length : 1,
                               width >= 0 ? (unsigned)width : 1};
}

/* A letter, and what joins it. */
static struct text_piece text_letter(const char *text, size_t size)
{
    bool joins;
    struct text_piece piece = text_character(text, size, &joins);
    while (piece.length < size && (unsigned char)text[piece.length] >= 0x80) {
        struct text_piece more =
            text_character(text + piece.length, size - piece.length, &joins);
        if (!joins)
            break;
        piece.length += more.length;
        piece.cells += more.cells;
    }
    return piece;
}

struct text_piece text_piece(const char *text, size_t size)
{
    size_t length = text_style_length(text, size);
    if (length > 0)
        return (struct text_piece){length, 0};
    length = escape_length(text, size);
    if (length > 0)
        return (struct text_piece){length, (unsigned)length};
    return text_letter(text, size);
}

unsigned text_fit(const char *text, size_t size, unsigned most, size_t *length)
{
    unsigned cells = 0;
    *length = 0;
    while (*length < size) {
        struct text_piece piece = text_piece(text + *length, size - *length);
        if (cells + piece.cells > most)
            break;
        cells += piece.cells;
        *length += piece.length;
    }
    return cells;
}

unsigned text_width(const char *text)
{
    size_t length;
    return text_fit(text, strlen(text), INT_MAX, &length);
}

/* The cells of ":65535" at the end of text, or 0 where room does not allow for more. */
static unsigned text_port_width(const char *text, unsigned room)
{
    const char *colon = strrchr(text, ':');
    unsigned width = colon ? text_width(colon) : 0;
    return width + 2 <= room ? width : 0;
}

/* The end of text that takes at most room cells. */
static const char *text_tail(const char *text, unsigned width, unsigned room)
{
    size_t size = strlen(text), skipped;
    unsigned cells = text_fit(text, size, width - room, &skipped);
    if (cells < width - room)
        skipped += text_piece(text + skipped, size - skipped).length;
    return text + skipped;
}

unsigned text_cut(UT_string *out, const char *text, unsigned room, bool middle)
{
    size_t size = strlen(text), head;
    unsigned width = text_width(text);
    if (width <= room) {
        ut_append(out, text, size);
        return width;
    }
    unsigned port = middle ? text_port_width(text, room) : 0;
    unsigned tail_room = middle ? port + (room - 1 - port) / 2 : 0;
    const char *tail = text_tail(text, width, tail_room);
    width = text_fit(text, size, room - 1 - tail_room, &head);
    ut_append(out, text, head);
    ut_append(out, "…", strlen("…"));
    ut_append(out, tail, strlen(tail));
    return width + 1 + text_width(tail);
}
