/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/past_lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/ut.h"
#include "fleet/event_line.h"

static void drop_first(struct past_lines *lines)
{
    struct past_line *first = lines->lines;
    DL_DELETE(lines->lines, first);
    lines->count--;
    free(first);
}

void past_lines_add(struct past_lines *lines, void *owner, const char *text, size_t size)
{
    struct event_line event;
    if (lines->most == 0 || !event_line_read(&event, text, size) ||
        !event_line_is_message(&event))
        return;
    if (lines->count == lines->most)
        drop_first(lines);
    struct past_line *line = mem_alloc(sizeof *line + size);
    *line = (struct past_line){.owner = owner, .size = size};
    memcpy(line->text, text, size);
    DL_APPEND(lines->lines, line);
    lines->count++;
}

void past_lines_tell(struct past_lines *lines,
                     void (*tell)(void *owner, const char *text, size_t size))
{
    while (lines->lines) {
        tell(lines->lines->owner, lines->lines->text, lines->lines->size);
        drop_first(lines);
    }
}

void past_lines_finish(struct past_lines *lines)
{
    while (lines->lines)
        drop_first(lines);
}
