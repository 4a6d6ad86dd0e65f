/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bytes.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/checksum.h"
#include "base/fail.h"
#include "base/ut.h"

enum { HEXDUMP_ROW = 16 }; /* bytes, where there is room */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* The byte that two digits spell, or -1. Stops at a NUL. */
static int hex_pair(const char *text)
{
    int high = hex_value(text[0]);
    int low = high < 0 ? -1 : hex_value(text[1]);
    return low < 0 ? -1 : high << 4 | low;
}

static void append_byte(UT_string *out, int byte)
{
    ut_append(out, &(char){(char)byte}, 1);
}

/* fail_with of the first size bytes of text. */
static bool fail(char **error, const char *format, const char *text, size_t size)
    __attribute__((format(printf, 2, 0)));

static bool fail(char **error, const char *format, const char *text, size_t size)
{
    char *copy = mem_strndup(text, size);
    fail_with(error, format, copy);
    free(copy);
    return false;
}

/* Up to a blank or a quote. */
static size_t word_size(const char *items)
{
    return strcspn(items, " \t\r\n\"");
}

/* --- checks --- */

/*
 * What a message has so far, for each check. A check goes on where the one of its kind before
 * it stood, so that a line full of checks costs no more than one.
 */
struct sums {
    size_t begin; /* of the message in out */
    struct {
        uint32_t sum;
        size_t size; /* bytes that are in it */
    } each[CHECKSUMS];
};

static struct sums sums_of_nothing(size_t begin)
{
    struct sums sums = {.begin = begin};
    for (unsigned i = 0; i < CHECKSUMS; i++)
        sums.each[i].sum = checksums[i].first;
    return sums;
}

/* The place in checksums of the one that the word names, or CHECKSUMS. */
static unsigned find_check(const char *word, size_t size)
{
    unsigned i = 0;
    while (i < CHECKSUMS &&
           !(strlen(checksums[i].name) == size && memcmp(checksums[i].name, word, size) == 0))
        i++;
    return i;
}

static bool parse_check(UT_string *out, struct sums *sums, unsigned which, char **error)
{
    const char *message = utstring_body(out) + sums->begin;
    const size_t size = utstring_len(out) - sums->begin, had = sums->each[which].size;
    uint32_t *sum = &sums->each[which].sum;
    if (size == 0)
        return fail(error, "'%s' is over the bytes before it, and there are none",
                    checksums[which].name, strlen(checksums[which].name));
    *sum = checksum_add(&checksums[which], *sum, message + had, size - had);
    sums->each[which].size = size;
    checksum_put(&checksums[which], *sum, out);
    return true;
}

/* --- hex --- */

static bool fail_item(char **error, const char *word, size_t size)
{
    return fail(error,
                "'%s' is neither hex pairs like 0d0a, nor a string in double quotes, "
                "nor a check: crc16, crc16-ccitt, crc32, sum8 or xor8",
                word, size);
}

/* A run of hex pairs. */
static bool parse_hex(UT_string *out, const char *word, size_t size, char **error)
{
    const char *at = word, *end = word + size;
    if (size > 2 && at[0] == '0' && (at[1] == 'x' || at[1] == 'X'))
        at += 2;
    for (const char *digit = at; digit < end; digit++)
        if (hex_value(*digit) < 0)
            return fail_item(error, word, size);
    if ((end - at) % 2 != 0)
        return fail(error, "'%s' has an odd number of hex digits, a byte takes two", word,
                    size);
    for (; at < end; at += 2)
        append_byte(out, hex_pair(at));
    return true;
}

static bool parse_word(UT_string *out, const char **items, struct sums *sums, char **error)
{
    const char *word = *items;
    const size_t size = word_size(word);
    const unsigned check = find_check(word, size);
    *items += size;
    return check < CHECKSUMS ? parse_check(out, sums, check, error)
                             : parse_hex(out, word, size, error);
}

/* --- strings --- */

static bool parse_hex_escape(UT_string *out, const char **text, char **error)
{
    const char *at = *text;
    int byte = hex_pair(at + 1);
    if (byte < 0)
        return fail(error, "'\\%s' needs two hex digits after the x", at, strnlen(at, 3));
    append_byte(out, byte);
    *text = at + 3;
    return true;
}

static bool parse_octal_escape(UT_string *out, const char **text, char **error)
{
    const char *at = *text;
    int value = 0, digits = 0;
    for (; digits < 3 && at[digits] >= '0' && at[digits] <= '7'; digits++)
        value = value * 8 + at[digits] - '0';
    if (digits == 0)
        return fail(error, "'\\%s' is no escape sequence of C", at, strnlen(at, 1));
    if (value > 255)
        return fail(error, "'\\%s' is more than one byte holds", at, (size_t)digits);
    append_byte(out, value);
    *text = at + digits;
    return true;
}

/* What follows a backslash; *text stands behind it and moves on. */
static bool parse_escape(UT_string *out, const char **text, char **error)
{
    static const char letters[] = "abefnrtv\\\"'?", values[] = "\a\b\x1b\f\n\r\t\v\\\"'?";
    const char *letter = **text ? strchr(letters, **text) : NULL;
    if (!letter)
        return **text == 'x' ? parse_hex_escape(out, text, error)
                             : parse_octal_escape(out, text, error);
    append_byte(out, values[letter - letters]);
    ++*text;
    return true;
}

static bool parse_string(UT_string *out, const char **items, char **error)
{
    const char *at = *items + 1;
    for (;;) {
        size_t plain = strcspn(at, "\\\"");
        ut_append(out, at, plain);
        at += plain;
        if (*at == '"') {
            *items = at + 1;
            return true;
        }
        if (at[0] == '\0' || at[1] == '\0')
            return fail(error, "'%s' lacks its closing double quote", *items, strlen(*items));
        at++;
        if (!parse_escape(out, &at, error))
            return false;
    }
}

/* --- all of it --- */

bool bytes_parse(UT_string *out, const char *items, char **error)
{
    size_t before = utstring_len(out);
    struct sums sums = sums_of_nothing(before);
    bool good = true, any = false;
    for (;; any = true) {
        while (is_blank(*items))
            items++;
        if (*items == '\0' || !good)
            break;
        good = *items == '"' ? parse_string(out, &items, error)
                             : parse_word(out, &items, &sums, error);
    }
    if (good && !any) {
        *error =
            mem_strdup("no bytes given: write hex pairs like 0d0a or strings like \"AT\\r\"");
        good = false;
    }
    if (!good) {
        out->i = before;
        out->d[before] = '\0';
    }
    return good;
}

void bytes_base64(UT_string *out, const void *data, size_t size)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *at = data;
    utstring_reserve(out, size / 3 * 4 + 5);
    char *to = utstring_body(out) + utstring_len(out);
    for (; size > 0; to += 4) {
        size_t taken = size < 3 ? size : 3;
        uint32_t bits = (uint32_t)at[0] << 16 | (taken > 1 ? (uint32_t)at[1] << 8 : 0) |
                        (taken > 2 ? at[2] : 0);
        to[0] = digits[bits >> 18];
        to[1] = digits[bits >> 12 & 63];
        to[2] = taken > 1 ? digits[bits >> 6 & 63] : '=';
        to[3] = taken > 2 ? digits[bits & 63] : '=';
        at += taken;
        size -= taken;
    }
    *to = '\0';
    out->i = (size_t)(to - utstring_body(out));
}

/* "00000000  hh*8  hh*8  |................|" */
static unsigned hexdump_width(int digits, unsigned row)
{
    return (unsigned)digits + 1 + (row + 7) / 8 + 3 * row + 2 + row + 1;
}

unsigned bytes_hexdump_width(int digits)
{
    return hexdump_width(digits, HEXDUMP_ROW);
}

unsigned bytes_hexdump_row(unsigned width)
{
    unsigned row = HEXDUMP_ROW;
    while (width > 0 && row > 1 && hexdump_width(4, row) > width)
        row /= 2;
    return row;
}

static void hexdump_line(UT_string *out, int digits, unsigned row, size_t offset,
                         const uint8_t *data, size_t size)
{
    static const char hex[] = "0123456789abcdef";
    char line[96];
    size_t at = (size_t)snprintf(line, 24, "%0*zx ", digits, offset);
    for (size_t i = 0; i < row; i++) {
        if (i % 8 == 0)
            line[at++] = ' ';
        line[at++] = i < size ? hex[data[i] >> 4] : ' ';
        line[at++] = i < size ? hex[data[i] & 15] : ' ';
        line[at++] = ' ';
    }
    line[at++] = ' ';
    line[at++] = '|';
    for (size_t i = 0; i < size; i++)
        line[at++] = data[i] >= 0x20 && data[i] < 0x7f ? (char)data[i] : '.';
    line[at++] = '|';
    line[at++] = '\n';
    ut_append(out, line, at);
}

void bytes_hexdump(UT_string *out, const char *prefix, const void *data, size_t size,
                   unsigned width)
{
    const uint8_t *bytes = data;
    const unsigned row = bytes_hexdump_row(width);
    const int digits = width == 0 || hexdump_width(8, HEXDUMP_ROW) <= width ? 8 : 4;
    for (size_t offset = 0; offset < size; offset += row) {
        const size_t left = size - offset;
        ut_append(out, prefix, strlen(prefix));
        hexdump_line(out, digits, row, offset, bytes + offset, left < row ? left : row);
    }
}
