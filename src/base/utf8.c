/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/utf8.h"

#include <string.h>
#include <wchar.h>

/* What may follow a lead byte; the second byte's range is what rules out overlong forms,
 * surrogates and what lies above U+10FFFF (RFC 3629, section 4). */
struct lead {
    uint8_t length; /* of the whole character, or 0: no lead byte */
    uint8_t low, high;
};

static struct lead lead_of(uint8_t byte)
{
    if (byte < 0xc2 || byte > 0xf4)
        return (struct lead){0, 0, 0};
    if (byte < 0xe0)
        return (struct lead){2, 0x80, 0xbf};
    if (byte < 0xf0)
        return (struct lead){3, byte == 0xe0 ? 0xa0 : 0x80, byte == 0xed ? 0x9f : 0xbf};
    return (struct lead){4, byte == 0xf0 ? 0x90 : 0x80, byte == 0xf4 ? 0x8f : 0xbf};
}

int utf8_decode(const uint8_t *data, size_t size, uint32_t *code)
{
    if (data[0] < 0x80) {
        *code = data[0];
        return 1;
    }
    struct lead lead = lead_of(data[0]);
    if (lead.length == 0)
        return UTF8_INVALID;
    uint32_t value = data[0] & (0x7fu >> lead.length);
    for (size_t i = 1; i < lead.length; i++) {
        if (i == size)
            return UTF8_INCOMPLETE;
        uint8_t low = i == 1 ? lead.low : 0x80, high = i == 1 ? lead.high : 0xbf;
        if (data[i] < low || data[i] > high)
            return UTF8_INVALID;
        value = value << 6 | (data[i] & 0x3fu);
    }
    *code = value;
    return lead.length;
}

bool utf8_valid(const void *data, size_t size)
{
    const uint8_t *at = data;
    while (size > 0) {
        uint64_t eight;
        if (size >= sizeof eight) {
            memcpy(&eight, at, sizeof eight);
            if (!(eight & 0x8080808080808080u)) {
                at += sizeof eight;
                size -= sizeof eight;
                continue;
            }
        }
        uint32_t code;
        int length = utf8_decode(at, size, &code);
        if (length <= 0)
            return false;
        at += length;
        size -= (size_t)length;
    }
    return true;
}

size_t utf8_unfinished(const void *data, size_t size)
{
    const uint8_t *bytes = data;
    for (size_t count = 1; count <= 3 && count <= size; count++) {
        uint32_t code;
        if (utf8_decode(bytes + size - count, count, &code) == UTF8_INCOMPLETE)
            return count;
    }
    return 0;
}

struct range {
    uint32_t first, last;
};

/* By binary search; ranges are in order and apart. */
static bool is_among(uint32_t code, const struct range *ranges, size_t count)
{
    while (count > 0) {
        size_t half = count / 2;
        if (code > ranges[half].last) {
            ranges += half + 1;
            count -= half + 1;
        } else if (code >= ranges[half].first) {
            return true;
        } else {
            count = half;
        }
    }
    return false;
}

/*
 * Unicode 15: the categories Cc, Cf, Cs, Co, Zl and Zp, Zs but for the two spaces that one can
 * tell apart (U+0020, U+3000), Default_Ignorable_Code_Point, and three blanks more. Between
 * ranges that are joined here, and in the last, there is nothing but unassigned code points.
 */
static const struct range invisible[] = {
    {0x0000, 0x001f},   /* C0 */
    {0x007f, 0x00a0},   /* DEL, C1, the space that does not break */
    {0x00ad, 0x00ad},   /* soft hyphen */
    {0x034f, 0x034f},   /* grapheme joiner */
    {0x0600, 0x0605},   /* Arabic number signs, which enclose what follows */
    {0x061c, 0x061c},   /* Arabic letter mark: bidirectional */
    {0x06dd, 0x06dd},   /* Arabic end of ayah */
    {0x070f, 0x070f},   /* Syriac abbreviation mark */
    {0x0890, 0x0891},   /* Arabic currency marks */
    {0x08e2, 0x08e2},   /* Arabic disputed end of ayah */
    {0x115f, 0x1160},   /* Hangul fillers */
    {0x1680, 0x1680},   /* Ogham space */
    {0x17b4, 0x17b5},   /* Khmer inherent vowels */
    {0x180b, 0x180f},   /* Mongolian variation selectors */
    {0x2000, 0x200f},   /* spaces, zero width, directional marks */
    {0x2028, 0x202f},   /* separators, embeddings and overrides, narrow space */
    {0x205f, 0x206f},   /* space, word joiner, invisible operators, isolates */
    {0x2800, 0x2800},   /* Braille blank */
    {0x3164, 0x3164},   /* Hangul filler */
    {0xd800, 0xf8ff},   /* surrogates, private use */
    {0xfdd0, 0xfdef},   /* non-characters */
    {0xfe00, 0xfe0f},   /* variation selectors */
    {0xfeff, 0xfeff},   /* byte-order mark */
    {0xffa0, 0xffa0},   /* Hangul filler of half width */
    {0xfff0, 0xfffc},   /* annotation marks, object replacement */
    {0x110bd, 0x110bd}, /* Kaithi number signs */
    {0x110cd, 0x110cd}, /* */
    {0x13430, 0x1343f}, /* Egyptian format controls */
    {0x16fe4, 0x16fe4}, /* Khitan filler */
    {0x1bca0, 0x1bca3}, /* shorthand format controls */
    {0x1d159, 0x1d159}, /* musical null notehead */
    {0x1d173, 0x1d17a}, /* musical format controls */
    {0xe0000,
     UINT32_MAX}, /* tags, variation selectors, private use, and what is no character */
};

/* Most text: ASCII, Latin, Greek to Hebrew, ideographs and Hangul. */
static bool is_common(uint32_t code)
{
    return code - 0x20 < 0x5f || code - 0xae < 0x34f - 0xae || code - 0x350 < 0x600 - 0x350 ||
           code - 0x4e00 < 0xd7a4 - 0x4e00;
}

bool utf8_printable(uint32_t code)
{
    return is_common(code) ||
           ((code & 0xfffe) != 0xfffe &&
            !is_among(code, invisible, sizeof invisible / sizeof *invisible));
}

int utf8_advance(uint32_t code)
{
    if (code - 0x20 < 0x5f)
        return 1;
    return utf8_printable(code) ? wcwidth((wchar_t)code) : -1;
}

/*
 * What terminals of another Unicode than the C library's give a cell more: Hangul vowels and
 * final consonants where they are not joined to a syllable, flags, and what Unicode 16 widened.
 */
static const struct range disputed[] = {
    {0x1160, 0x11ff}, {0x2630, 0x2637},   {0x268a, 0x268f},   {0xd7b0, 0xd7c6},
    {0xd7cb, 0xd7fb}, {0x1d300, 0x1d356}, {0x1d360, 0x1d376}, {0x1f1e6, 0x1f1ff},
};

int utf8_width(uint32_t code)
{
    int width = utf8_advance(code);
    bool more = width >= 0 && is_among(code, disputed, sizeof disputed / sizeof *disputed);
    return more ? width + 1 : width;
}
