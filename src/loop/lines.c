/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/lines.h"

#include <string.h>

/* Room that is kept between lines. */
enum { LINES_ROOM = 64 << 10 };

void lines_init(struct lines *lines)
{
    *lines = (struct lines){.most = LINES_MAX};
    utstring_init(&lines->pending);
}

void lines_finish(struct lines *lines)
{
    utstring_done(&lines->pending);
}

/* Drops what was taken, and the room that one long line needed. */
static void compact(struct lines *lines)
{
    UT_string *pending = &lines->pending;
    size_t rest = pending->i - lines->taken;
    if (rest == 0 && pending->n > LINES_ROOM) {
        utstring_done(pending);
        utstring_init(pending);
    } else if (lines->taken > 0) {
        memmove(pending->d, pending->d + lines->taken, rest);
        pending->i = rest;
    }
    lines->searched -= lines->taken;
    lines->taken = 0;
}

void lines_add(struct lines *lines, const char *data, size_t size)
{
    compact(lines);
    ut_append(&lines->pending, data, size);
}

size_t lines_size(const struct lines *lines)
{
    return utstring_len(&lines->pending) - lines->taken;
}

/* The bytes from taken to end are a line; what follows begins at next. */
static enum lines_result take(struct lines *lines, size_t end, size_t next, const char **line,
                              size_t *size)
{
    bool too_long = lines->skipping || end - lines->taken > lines->most;
    *line = lines->pending.d + lines->taken;
    *size = end - lines->taken;
    lines->taken = next;
    lines->searched = next;
    lines->skipping = false;
    return too_long ? LINES_TOO_LONG : LINES_LINE;
}

enum lines_result lines_next(struct lines *lines, const char **line, size_t *size)
{
    UT_string *pending = &lines->pending;
    const char *newline =
        memchr(pending->d + lines->searched, '\n', pending->i - lines->searched);
    if (newline) {
        size_t end = (size_t)(newline - pending->d);
        return take(lines, end, end + 1, line, size);
    }
    lines->searched = pending->i;
    if (lines->skipping || pending->i - lines->taken > lines->most) {
        lines->skipping = true;
        lines->taken = pending->i;
    }
    return LINES_NONE;
}

enum lines_result lines_last(struct lines *lines, const char **line, size_t *size)
{
    enum lines_result result = lines_next(lines, line, size);
    size_t end = lines->pending.i;
    if (result != LINES_NONE || (lines->taken == end && !lines->skipping))
        return result;
    return take(lines, end, end, line, size);
}
