/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_keys.h"

#include <string.h>

#include "base/utf8.h"

#define KEYS_BEGIN "\033[200~"
#define KEYS_END "\033[201~"

enum {
    KEYS_ESCAPE = '\033',
    KEYS_MARK = sizeof KEYS_BEGIN - 1,
    KEYS_SEQUENCE_MAX = 32, /* bytes; a longer one is none */
};

enum { KEYS_UNFINISHED = 0 }; /* in place of a size */

void terminal_keys_init(struct terminal_keys *keys)
{
    *keys = (struct terminal_keys){0};
    utstring_init(&keys->bytes);
}

void terminal_keys_finish(struct terminal_keys *keys)
{
    utstring_done(&keys->bytes);
}

void terminal_keys_add(struct terminal_keys *keys, const char *data, size_t size)
{
    size_t rest = utstring_len(&keys->bytes) - keys->taken;
    memmove(keys->bytes.d, keys->bytes.d + keys->taken, rest);
    keys->bytes.i = rest;
    keys->taken = 0;
    ut_append(&keys->bytes, data, size);
}

static const char *keys_rest(const struct terminal_keys *keys, size_t *size)
{
    *size = utstring_len(&keys->bytes) - keys->taken;
    return utstring_body(&keys->bytes) + keys->taken;
}

/* A character; a byte that is part of none counts as one. */
static size_t keys_character(const char *data, size_t size)
{
    uint32_t code;
    int length = size > 0 ? utf8_decode((const uint8_t *)data, size, &code) : UTF8_INCOMPLETE;
    if (length == UTF8_INCOMPLETE)
        return KEYS_UNFINISHED;
    return length == UTF8_INVALID ? 1 : (size_t)length;
}

/* ESC [: parameters and intermediates up to a final byte (ECMA-48, 5.4). */
static size_t keys_control_sequence(const char *data, size_t size)
{
    for (size_t i = 2; i < size && i < KEYS_SEQUENCE_MAX; i++)
        if ((unsigned char)data[i] < 0x20 || (unsigned char)data[i] > 0x3f)
            return data[i] >= 0x40 && data[i] <= 0x7e ? i + 1 : i;
    return size < KEYS_SEQUENCE_MAX ? KEYS_UNFINISHED : KEYS_SEQUENCE_MAX;
}

/* What a key with ESC sends; a second ESC is a key of its own. */
static size_t keys_escape(const char *data, size_t size)
{
    if (size < 2)
        return KEYS_UNFINISHED;
    if (data[1] == '[')
        return keys_control_sequence(data, size);
    if (data[1] == 'O')
        return size < 3 ? KEYS_UNFINISHED : 3;
    if (data[1] == KEYS_ESCAPE)
        return 1;
    size_t character = keys_character(data + 1, size - 1);
    return character == KEYS_UNFINISHED ? KEYS_UNFINISHED : character + 1;
}

static size_t keys_typed(const char *data, size_t size)
{
    if (size == 0)
        return KEYS_UNFINISHED;
    return *data == KEYS_ESCAPE ? keys_escape(data, size) : keys_character(data, size);
}

/* How many bytes at data are, or may become, mark. */
static size_t keys_mark(const char *data, size_t size, const char *mark)
{
    size_t most = size < KEYS_MARK ? size : KEYS_MARK;
    return memcmp(data, mark, most) == 0 ? most : 0;
}

static bool keys_ends_text(char byte)
{
    return byte == '\r' || byte == '\n' || byte == '\0' || byte == KEYS_ESCAPE;
}

/* Text up to something else, of which the first byte is part whatever it is. Where no more is
 * there, up to the last whole character. */
static size_t keys_text(const char *data, size_t size)
{
    size_t most = size < TERMINAL_KEYS_TEXT_MAX ? size : TERMINAL_KEYS_TEXT_MAX;
    size_t length = 1;
    while (length < most && !keys_ends_text(data[length]))
        length++;
    return length < most ? length : length - utf8_unfinished(data, length);
}

static enum terminal_keys_what keys_take(struct terminal_keys *keys, size_t size,
                                         enum terminal_keys_what what)
{
    keys->taken += size;
    return what;
}

/* Takes a line's end at data; a return and a newline together are one. */
static enum terminal_keys_what keys_line_end(struct terminal_keys *keys, char byte)
{
    keys->after_return = byte == '\r';
    return keys_take(keys, 1, TERMINAL_KEYS_LINE);
}

/* A line cannot hold a NUL, and has ended before the newline behind its carriage return. */
static void keys_skip(struct terminal_keys *keys)
{
    size_t size;
    for (const char *data = keys_rest(keys, &size); size > 0; data++, size--) {
        if (*data != '\0' && !(*data == '\n' && keys->after_return))
            return;
        keys->after_return = keys->after_return && *data == '\0';
        keys->taken++;
    }
}

static enum terminal_keys_what keys_pasted(struct terminal_keys *keys, bool settled,
                                           const char **bytes, size_t *size)
{
    keys_skip(keys);
    const char *data = keys_rest(keys, size);
    if (*size == 0)
        return TERMINAL_KEYS_NONE;
    if (*data == '\r' || *data == '\n')
        return keys_line_end(keys, *data);
    keys->after_return = false;
    size_t mark = keys_mark(data, *size, KEYS_END);
    if (mark == KEYS_MARK) {
        keys->pasting = false;
        return keys_take(keys, mark, TERMINAL_KEYS_PASTED);
    }
    size_t length = mark > 0 ? KEYS_UNFINISHED : keys_text(data, *size);
    if (length == KEYS_UNFINISHED && !settled)
        return TERMINAL_KEYS_NONE;
    *bytes = data;
    *size = length == KEYS_UNFINISHED ? *size : length;
    return keys_take(keys, *size, TERMINAL_KEYS_TEXT);
}

enum terminal_keys_what terminal_keys_next(struct terminal_keys *keys, bool settled,
                                           const char **bytes, size_t *size)
{
    if (keys->pasting)
        return keys_pasted(keys, settled, bytes, size);
    *bytes = keys_rest(keys, size);
    size_t length = keys_typed(*bytes, *size);
    if (length == KEYS_MARK && keys_mark(*bytes, length, KEYS_BEGIN) == KEYS_MARK) {
        keys->pasting = true;
        keys->after_return = false;
        return keys_take(keys, length, TERMINAL_KEYS_PASTE);
    }
    if (*size == 0 || (length == KEYS_UNFINISHED && !settled))
        return TERMINAL_KEYS_NONE;
    *size = length == KEYS_UNFINISHED ? *size : length;
    return keys_take(keys, *size, TERMINAL_KEYS_KEY);
}

bool terminal_keys_waiting(const struct terminal_keys *keys)
{
    struct terminal_keys copy = *keys;
    const char *bytes;
    size_t size;
    return terminal_keys_next(&copy, false, &bytes, &size) != TERMINAL_KEYS_NONE;
}

bool terminal_keys_hold(const struct terminal_keys *keys, char key)
{
    struct terminal_keys copy = *keys;
    const char *bytes;
    size_t size;
    enum terminal_keys_what what;
    while ((what = terminal_keys_next(&copy, false, &bytes, &size)) != TERMINAL_KEYS_NONE)
        if (what == TERMINAL_KEYS_KEY && *bytes == key)
            return true;
    return false;
}

size_t terminal_keys_size(const struct terminal_keys *keys)
{
    size_t size;
    keys_rest(keys, &size);
    return size;
}

bool terminal_keys_unsettled(const struct terminal_keys *keys)
{
    size_t size;
    const char *data = keys_rest(keys, &size);
    return size > 0 && *data == KEYS_ESCAPE && !terminal_keys_waiting(keys);
}

void terminal_keys_drop(struct terminal_keys *keys)
{
    utstring_clear(&keys->bytes);
    keys->taken = 0;
    keys->pasting = false;
}
