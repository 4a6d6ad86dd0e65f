/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Up to certain bytes, with them. */
#include <ctype.h>
#include <string.h>

#include "base/fail.h"
#include "framing/framing_pieces.h"

static int digit(char character)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = character ? strchr(digits, tolower((unsigned char)character)) : NULL;
    return at ? (int)(at - digits) : -1;
}

static bool parse(struct framing *framing, const char *argument, char **error)
{
    size_t size = 0;
    const char *at = argument;
    for (; digit(at[0]) >= 0 && digit(at[1]) >= 0 && size < FRAMING_END_MAX; at += 2)
        framing->end.bytes[size++] = (unsigned char)(digit(at[0]) * 16 + digit(at[1]));
    framing->end.size = (unsigned char)size;
    return (size > 0 && *at == '\0') ||
           fail_with(error,
                     "delimiter:%s: give 1 to 8 bytes as hex pairs, as in delimiter:0d0a",
                     argument);
}

const struct framing_ops framing_delimiter = {
    .parse = parse, .cut = framing_cut_ended, .end = framing_end_bytes};
