/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/timestamp.h"

#include <string.h>
#include <time.h>

enum { SECOND = 1000000 /* microseconds */ };

/* ".000006", or nothing. Returns what is behind it. */
static const char *read_fraction(const char *text, int64_t *microseconds)
{
    int64_t unit = SECOND / 10;
    *microseconds = 0;
    if (*text == '.')
        for (text++; *text >= '0' && *text <= '9'; text++, unit /= 10)
            *microseconds += (*text - '0') * unit;
    return text;
}

/* "Z", "+02:00". */
static bool read_offset(const char *text, int64_t *seconds)
{
    struct tm tm = {0};
    *seconds = 0;
    if (strcmp(text, "Z") == 0 || strcmp(text, "z") == 0)
        return true;
    if ((*text != '+' && *text != '-') || strlen(text) != strlen("+00:00") || text[3] != ':')
        return false;
    const char *rest = strptime(text + 1, "%H:%M", &tm);
    if (!rest || *rest != '\0')
        return false;
    *seconds = (*text == '-' ? -60 : 60) * (int64_t)(tm.tm_hour * 60 + tm.tm_min);
    return true;
}

bool timestamp_parse(const char *text, int64_t *microseconds)
{
    struct tm tm = {0};
    int64_t fraction, offset;
    const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
    if (!rest || tm.tm_year < 0 || tm.tm_year > 8000 ||
        !read_offset(read_fraction(rest, &fraction), &offset))
        return false;
    *microseconds = ((int64_t)timegm(&tm) - offset) * SECOND + fraction;
    return true;
}
