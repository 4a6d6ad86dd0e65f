/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/text_colour.h"

#include <stdlib.h>
#include <string.h>

enum { COLOURS_FEW = 6, COLOURS_MANY = 12 };

/* ECMA-48 8.3.117. Not black and white, of which one cannot be seen. */
static const char *const few[COLOURS_FEW] = {"\x1b[36m", "\x1b[35m", "\x1b[32m",
                                             "\x1b[34m", "\x1b[33m", "\x1b[31m"};

/* Of a contrast of at least 3 to 1 (WCAG 2.1) with black and with white. */
static const char *const many[COLOURS_MANY] = {
    "\x1b[38;5;94m",  "\x1b[38;5;33m",  "\x1b[38;5;166m", "\x1b[38;5;28m",
    "\x1b[38;5;163m", "\x1b[38;5;30m",  "\x1b[38;5;136m", "\x1b[38;5;99m",
    "\x1b[38;5;64m",  "\x1b[38;5;161m", "\x1b[38;5;68m",  "\x1b[38;5;133m"};

enum text_colours text_colours_wanted(void)
{
    const char *off = getenv("NO_COLOR"), *depth = getenv("COLORTERM");
    const char *terminal = getenv("TERM");
    if ((off && *off) || !terminal || strcmp(terminal, "dumb") == 0)
        return TEXT_COLOURS_NONE;
    return (depth && *depth) || strstr(terminal, "256color") ? TEXT_COLOURS_MANY
                                                             : TEXT_COLOURS_FEW;
}

const char *text_colour(enum text_colours colours, uint64_t peer)
{
    if (colours == TEXT_COLOURS_NONE)
        return "";
    return colours == TEXT_COLOURS_MANY ? many[peer % COLOURS_MANY] : few[peer % COLOURS_FEW];
}
