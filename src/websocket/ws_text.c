/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "websocket/ws_text.h"

#include <string.h>

#include "base/utf8.h"

/* Goes on with the unfinished character; *taken: how many bytes belong to it. */
static bool finish(struct ws_text *text, const char *data, size_t size, size_t *taken)
{
    uint8_t bytes[4];
    uint32_t code;
    int length = UTF8_INCOMPLETE;
    memcpy(bytes, text->begun, text->count);
    for (*taken = 0; length == UTF8_INCOMPLETE && *taken < size; (*taken)++) {
        bytes[text->count++] = (uint8_t)data[*taken];
        length = utf8_decode(bytes, text->count, &code);
    }
    if (length != UTF8_INCOMPLETE)
        text->count = 0;
    memcpy(text->begun, bytes, text->count);
    return length != UTF8_INVALID;
}

bool ws_text_add(struct ws_text *text, const char *data, size_t size)
{
    size_t taken = 0;
    if (text->count > 0 && !finish(text, data, size, &taken))
        return false;
    data += taken;
    size -= taken;
    if (size == 0)
        return true;
    text->count = (uint8_t)utf8_unfinished(data, size);
    size -= text->count;
    memcpy(text->begun, data + size, text->count);
    return utf8_valid(data, size);
}
