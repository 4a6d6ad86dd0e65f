/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a line of a telexd's says about itself in its first members, which are always the same:
 *
 *     {"time":"…","event":"message","seq":12,"replayed":true,"peer":1,…
 *
 * Looked at without reading the rest, which may be long. Pure.
 */
#ifndef TELEX_FLEET_EVENT_LINE_H
#define TELEX_FLEET_EVENT_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fleet/subject.h"

/* Room for the name of a run of telexd's, with its NUL: 16 hexadecimal digits. */
enum { EVENT_RUN_ROOM = 17 };

struct event_line {
    const char *text; /* borrowed, without its newline */
    size_t size;
    const char *name; /* of the event, not ended by a NUL */
    size_t name_size;
    uint64_t seq;  /* 0: it has none, since it is not told to all consoles */
    bool replayed; /* it is told again */
    /* Where "replayed" begins in the text, and bytes of it with its comma: without them the
     * line is as it was told first. */
    size_t again, again_size;
};

/* false where it does not begin as a line of telexd's. */
bool event_line_read(struct event_line *line, const char *text, size_t size);
bool event_line_is(const struct event_line *line, const char *name);
/* Whether it tells what was said: message or sent. */
bool event_line_is_message(const struct event_line *line);
/* What it is published on: talk, life or lost. */
enum subject_kind event_line_kind(const struct event_line *line);

#endif
