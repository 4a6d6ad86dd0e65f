/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last so many messages of what was before, as telexd told them, each with whose it is,
 * until they are shown. */
#ifndef TELEX_FLEET_PAST_LINES_H
#define TELEX_FLEET_PAST_LINES_H

#include <stddef.h>
#include <stdint.h>

struct past_line {
    struct past_line *prev, *next; /* utlist, the oldest first */
    void *owner;
    size_t size;
    char text[];
};

struct past_lines {
    struct past_line *lines;
    uint64_t count, most;
};

/* The next line, of which nothing is kept where it is no message. */
void past_lines_add(struct past_lines *lines, void *owner, const char *text, size_t size);
/* Gives each, in order, and has none then. */
void past_lines_tell(struct past_lines *lines,
                     void (*tell)(void *owner, const char *text, size_t size));
void past_lines_finish(struct past_lines *lines);

#endif
