/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/escape.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

/* The most bytes of a typed word that a sentence repeats. */
enum { QUOTE_MAX = 64 };

static void append_byte(UT_string *out, uint8_t byte)
{
    const char letter = byte == '\n' ? 'n' : byte == '\r' ? 'r' : byte == '\t' ? 't' : '\0';
    static const char hex[] = "0123456789abcdef";
    if (byte == '\\')
        ut_append(out, "\\\\", 2);
    else if (letter)
        ut_append(out, (char[]){'\\', letter}, 2);
    else
        ut_append(out, (char[]){'\\', 'x', hex[byte >> 4], hex[byte & 15]}, 4);
}

static void append_code(UT_string *out, uint32_t code)
{
    char text[16];
    int length = snprintf(text, sizeof text, code > 0xffff ? "\\U%08x" : "\\u%04x", code);
    ut_append(out, text, (size_t)length);
}

static bool is_plain(uint8_t byte, bool keep_lines)
{
    if (byte == '\n' || byte == '\t')
        return keep_lines;
    return byte >= 0x20 && byte < 0x7f && byte != '\\';
}

/* Whether a character can be shown where *marks stand on the letter before it; counts on. */
static bool is_shown(uint32_t code, unsigned *marks)
{
    int advance = utf8_advance(code);
    if (advance < 0 || (advance == 0 && *marks == ESCAPE_MARKS))
        return false;
    *marks = advance == 0 ? *marks + 1 : 0;
    return true;
}

static void escape(UT_string *out, const uint8_t *data, size_t size, bool keep_lines)
{
    size_t run = 0;                /* where the bytes begin that go out as they are */
    unsigned marks = ESCAPE_MARKS; /* on the letter before; where there is none, no room */
    for (size_t i = 0; i < size;) {
        if (is_plain(data[i], keep_lines)) {
            marks = data[i] < 0x20 ? ESCAPE_MARKS : 0;
            i++;
            continue;
        }
        uint32_t code = 0;
        int length = data[i] < 0x80 ? UTF8_INVALID : utf8_decode(data + i, size - i, &code);
        if (length > 0 && is_shown(code, &marks)) {
            i += (size_t)length;
            continue;
        }
        ut_append(out, data + run, i - run);
        if (length > 0)
            append_code(out, code);
        else
            append_byte(out, data[i]);
        marks = ESCAPE_MARKS;
        i += length > 0 ? (size_t)length : 1;
        run = i;
    }
    if (size > run)
        ut_append(out, data + run, size - run);
}

void escape_bytes(UT_string *out, const void *data, size_t size)
{
    escape(out, data, size, false);
}

void escape_text(UT_string *out, const void *data, size_t size)
{
    escape(out, data, size, true);
}

char *escape_string(const char *text)
{
    UT_string out;
    utstring_init(&out);
    escape_bytes(&out, text, strlen(text));
    return utstring_body(&out);
}

char *escape_quote(const char *word)
{
    const size_t size = strlen(word);
    const bool cut = size > QUOTE_MAX;
    UT_string out;
    utstring_init(&out);
    utstring_printf(&out, "'");
    escape_bytes(&out, word, cut ? QUOTE_MAX : size);
    utstring_printf(&out, "%s'", cut ? "..." : "");
    return utstring_body(&out);
}

void escape_message(UT_string *out, const char *message)
{
    for (;;) {
        const char *backslash = strchrnul(message, '\\');
        escape_bytes(out, message, (size_t)(backslash - message));
        if (*backslash == '\0')
            return;
        ut_append(out, "\\", 1);
        message = backslash + 1;
    }
}

/* How many bytes of UTF-8 a character takes. */
static size_t size_of(unsigned long code)
{
    return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

size_t escape_length(const char *shown, size_t size)
{
    static const char letters[] = "xuU";
    static const size_t lengths[] = {4, 6, 10};
    if (size == 0 || *shown != '\\')
        return 0;
    const char *letter = size > 1 && shown[1] ? strchr(letters, shown[1]) : NULL;
    size_t length = letter ? lengths[letter - letters] : 2;
    return length < size ? length : size;
}

size_t escape_source(const char *shown, size_t size)
{
    size_t source = 0;
    while (size > 0) {
        char digits[9] = "";
        size_t length = escape_length(shown, size);
        if (length > 4)
            memcpy(digits, shown + 2, length - 2);
        source += length > 4 ? size_of(strtoul(digits, NULL, 16)) : 1;
        shown += length > 0 ? length : 1;
        size -= length > 0 ? length : 1;
    }
    return source;
}
