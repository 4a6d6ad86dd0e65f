/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cuts a stream of bytes into lines of at most 1 MiB, if not said otherwise. No loop, no
 * descriptor. */
#ifndef TELEX_LOOP_LINES_H
#define TELEX_LOOP_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ut.h"

enum { LINES_MAX = 1 << 20 };

struct lines {
    UT_string pending; /* the bytes not yet taken as lines */
    size_t taken;      /* of pending */
    size_t searched;   /* of pending: no newline from taken to here */
    size_t most;       /* bytes of a line: LINES_MAX, may be set after lines_init */
    bool skipping;     /* in a line that is too long */
};

enum lines_result { LINES_NONE, LINES_LINE, LINES_TOO_LONG };

void lines_init(struct lines *lines);
void lines_finish(struct lines *lines);
void lines_add(struct lines *lines, const char *data, size_t size);
/* Bytes that are not yet taken. */
size_t lines_size(const struct lines *lines);
/*
 * Takes the next line, without its newline (valid until the next call of any of these).
 * LINES_TOO_LONG is said once, at the end of such a line, which is skipped.
 */
enum lines_result lines_next(struct lines *lines, const char **line, size_t *size);
/* At the end of input: what stands there without a newline is a line too. */
enum lines_result lines_last(struct lines *lines, const char **line, size_t *size);

#endif
