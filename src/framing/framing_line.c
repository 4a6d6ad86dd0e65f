/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line with its newline. */
#include <string.h>

#include "framing/framing.h"

static size_t cut(const char *data, size_t size, bool end, bool *partial)
{
    const size_t window = size < FRAMING_MESSAGE_MAX ? size : FRAMING_MESSAGE_MAX;
    const char *newline = memchr(data, '\n', window);
    if (newline)
        return (size_t)(newline - data) + 1;
    if (size < FRAMING_MESSAGE_MAX && !end)
        return 0;
    *partial = true;
    return window;
}

const struct framing_ops framing_line = {.cut = cut};
