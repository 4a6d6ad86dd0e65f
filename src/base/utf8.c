/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/utf8.h"

#include <string.h>

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

bool utf8_printable(uint32_t code)
{
    static const struct {
        uint32_t first, last;
    } refused[] = {
        {0x0000, 0x001f},   /* C0 */
        {0x007f, 0x009f},   /* DEL and C1 */
        {0x061c, 0x061c},   /* bidirectional controls, here and below */
        {0x200b, 0x200b},   /* zero width space */
        {0x200e, 0x200f},   /* */
        {0x2028, 0x202e},   /* separators, embeddings and overrides */
        {0x2060, 0x2064},   /* word joiner and invisible operators */
        {0x2066, 0x2069},   /* isolates */
        {0xd800, 0xdfff},   /* surrogates are no characters */
        {0xfdd0, 0xfdef},   /* non-characters */
        {0xfeff, 0xfeff},   /* byte-order mark */
        {0xe0000, 0xe007f}, /* tags */
        {0x110000, UINT32_MAX},
    };
    if (code - 0x20 < 0x5f)
        return true;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        if (code <= refused[i].last)
            return code < refused[i].first && (code & 0xfffe) != 0xfffe;
    }
    return false;
}
