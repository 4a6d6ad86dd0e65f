/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "framing/framing.h"

#include <stdint.h>
#include <string.h>

#include "base/fail.h"

static size_t next_line(const void *data, size_t size, bool end, bool *partial)
{
    size_t window = size < FRAMING_MESSAGE_MAX ? size : FRAMING_MESSAGE_MAX;
    const uint8_t *newline = memchr(data, '\n', window);
    if (newline)
        return (size_t)(newline - (const uint8_t *)data) + 1;
    if (size < FRAMING_MESSAGE_MAX && !end)
        return 0;
    *partial = window > 0;
    return window;
}

size_t framing_next(enum framing framing, const void *data, size_t size, bool end,
                    bool *partial)
{
    *partial = false;
    if (size == 0)
        return 0;
    if (framing == FRAMING_LINE)
        return next_line(data, size, end, partial);
    return size < FRAMING_MESSAGE_MAX ? size : FRAMING_MESSAGE_MAX;
}

bool framing_parse(const char *word, enum framing *framing, char **error)
{
    for (enum framing each = FRAMING_RAW; each <= FRAMING_LINE; each++) {
        if (strcmp(framing_name(each), word) == 0) {
            *framing = each;
            return true;
        }
    }
    return fail_with(error, "unknown framing '%s': use raw or line", word);
}

const char *framing_name(enum framing framing)
{
    return framing == FRAMING_LINE ? "line" : "raw";
}
