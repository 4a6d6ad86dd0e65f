/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/number.h"

#include <stddef.h>
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads the digits that *text begins with (at least one) and moves it past them. */
static bool take_digits(const char **text, unsigned base, uint64_t max, uint64_t *value)
{
    const char *at = *text;
    uint64_t sum = 0;
    for (; is_digit(*at) && (unsigned)(*at - '0') < base; at++) {
        unsigned digit = (unsigned)(*at - '0');
        if (sum > max / base || digit > max - sum * base)
            return false;
        sum = sum * base + digit;
    }
    if (at == *text)
        return false;
    *text = at;
    *value = sum;
    return true;
}

bool number_parse(const char *text, uint64_t max, uint64_t *value)
{
    uint64_t sum;
    if (!take_digits(&text, 10, max, &sum) || *text != '\0')
        return false;
    *value = sum;
    return true;
}

bool number_parse_size(const char *text, uint64_t *bytes)
{
    uint64_t sum;
    if (!take_digits(&text, 10, UINT64_MAX, &sum))
        return false;
    unsigned shift = 0;
    if (*text != '\0') {
        static const char units[] = "kMG";
        const char *unit = strchr(units, *text == 'K' ? 'k' : *text);
        if (!unit || text[1] != '\0')
            return false;
        shift = 10 * (unsigned)(unit - units + 1);
    }
    if (sum > UINT64_MAX >> shift)
        return false;
    *bytes = sum << shift;
    return true;
}

bool number_parse_seconds(const char *text, int64_t *microseconds)
{
    enum { MOST = 1000000000, MICROSECONDS = 1000000 };
    uint64_t whole = 0, part = 0;
    if (*text != '.' && !take_digits(&text, 10, MOST, &whole))
        return false;
    if (*text == '.') {
        text++;
        if (!is_digit(*text))
            return false;
        bool rest = false; /* what is less than a microsecond rounds up: only 0 may mean 0 */
        for (unsigned unit = MICROSECONDS / 10; is_digit(*text); text++, unit /= 10) {
            part += unit * (unsigned)(*text - '0');
            rest |= unit == 0 && *text != '0';
        }
        part += rest;
    }
    if (*text != '\0' || whole * MICROSECONDS + part > (uint64_t)MOST * MICROSECONDS)
        return false;
    *microseconds = (int64_t)(whole * MICROSECONDS + part);
    return true;
}

bool number_parse_mode(const char *text, unsigned *mode)
{
    uint64_t value;
    if (!take_digits(&text, 8, 0777, &value) || *text != '\0')
        return false;
    *mode = (unsigned)value;
    return true;
}
