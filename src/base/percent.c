/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/percent.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/mem.h"
#include "base/ut.h"
#include "base/utf8.h"

bool percent_decode(char *text, const char *what, char **error)
{
    char *to = text;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at != '%') {
            *to++ = *at;
            continue;
        }
        char digits[3] = {at[1], at[1] ? at[2] : '\0', '\0'};
        if (strspn(digits, "0123456789abcdefABCDEF") != 2) {
            char sequence[4] = {'%', digits[0], digits[1], '\0'};
            return fail_with(error,
                             "'%s' in the %s is not a percent sign and two hex digits "
                             "(write %%25 for a percent sign)",
                             sequence, what);
        }
        char byte = (char)strtoul(digits, NULL, 16);
        if (byte == '\0') {
            *error = mem_printf("%%00 can't stand in the %s", what);
            return false;
        }
        *to++ = byte;
        at += 2;
    }
    *to = '\0';
    return true;
}

static void encode(UT_string *out, const char *text, const char *special)
{
    const uint8_t *at = (const uint8_t *)text;
    size_t size = strlen(text);
    while (size > 0) {
        uint32_t code;
        int length = utf8_decode(at, size, &code);
        bool plain = length > 0 && utf8_printable(code) && !strchr(special, *at);
        size_t taken = length > 0 ? (size_t)length : 1;
        if (plain)
            ut_append(out, at, taken);
        for (size_t i = 0; i < taken && !plain; i++)
            utstring_printf(out, "%%%02x", at[i]);
        at += taken;
        size -= taken;
    }
}

void percent_encode(UT_string *out, const char *text)
{
    encode(out, text, "%?& ");
}

void percent_encode_command(UT_string *out, const char *text)
{
    encode(out, text, "%?");
}
