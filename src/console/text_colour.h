/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The colours of peers, so that those who talk at once are told apart at a glance. All of them
 * can be read on a dark background and on a light one.
 */
#ifndef TELEX_CONSOLE_TEXT_COLOUR_H
#define TELEX_CONSOLE_TEXT_COLOUR_H

#include <stdint.h>

/* How many a terminal shows. */
enum text_colours {
    TEXT_COLOURS_NONE,
    TEXT_COLOURS_FEW, /* the eight that all terminals with colours have */
    TEXT_COLOURS_MANY /* the 256 of xterm */
};

#define TEXT_COLOUR_END "\x1b[0m"

/* From the environment: TERM, COLORTERM and NO_COLOR (no-color.org). */
enum text_colours text_colours_wanted(void);

/* What switches a peer's colour on; "" where there are none. Neighbours never share one. */
const char *text_colour(enum text_colours colours, uint64_t peer);

#endif
