/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/base64.h"

#include <stdint.h>

/* One to three bytes become four letters. */
static void encode_group(UT_string *out, const uint8_t *at, size_t size)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint32_t bits = (uint32_t)at[0] << 16 | (size > 1 ? (uint32_t)at[1] << 8 : 0) |
                          (size > 2 ? (uint32_t)at[2] : 0);
    const char group[] = {letters[bits >> 18], letters[bits >> 12 & 63],
                          size > 1 ? letters[bits >> 6 & 63] : '=',
                          size > 2 ? letters[bits & 63] : '='};
    ut_append(out, group, sizeof group);
}

void base64_encode(UT_string *out, const void *data, size_t size)
{
    const uint8_t *at = data;
    for (; size > 3; at += 3, size -= 3)
        encode_group(out, at, 3);
    if (size > 0)
        encode_group(out, at, size);
}
