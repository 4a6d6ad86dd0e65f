/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/relay_lines.h"

#include <inttypes.h>
#include <string.h>

/* In a string a quote has a backslash before it: these are found where they are meant only. */
static const char input_key[] = "\"input\":";
static const char event_key[] = "\"event\":";

void relay_lines_sent(struct relay_lines *lines, const char *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (data[i] != '\n') {
            lines->begun = true;
            lines->asked = lines->ended + 1;
        } else {
            lines->ended++;
            lines->begun = false;
        }
    }
}

bool relay_lines_done(const struct relay_lines *lines)
{
    return lines->answered >= lines->asked;
}

/* Behind key, or NULL. */
static const char *find(const char *line, size_t size, const char *key)
{
    const char *found = memmem(line, size, key, strlen(key));
    return found ? found + strlen(key) : NULL;
}

static bool is(const char *line, size_t size, const char *event)
{
    const char *value = find(line, size, event_key);
    const size_t length = strlen(event);
    return value && (size_t)(line + size - value) >= length &&
           memcmp(value, event, length) == 0;
}

/* The number at digits, which ends before end; *rest is behind it. */
static uint64_t read_number(const char *digits, const char *end, const char **rest)
{
    uint64_t number = 0;
    for (; digits < end && *digits >= '0' && *digits <= '9'; digits++)
        number = number * 10 + (uint64_t)(*digits - '0');
    *rest = digits;
    return number;
}

static enum relay_kind own_kind(struct relay_lines *lines, uint64_t number, bool error,
                                bool more)
{
    if (error && number != lines->history)
        return RELAY_FAILED;
    if (!more)
        lines->done = number;
    return number == lines->own && !more ? RELAY_OWN_LAST : RELAY_OWN;
}

/* One that is told again has been asked for. */
static bool is_message(const char *line, size_t size)
{
    return (is(line, size, "\"message\"") || is(line, size, "\"sent\"")) &&
           !find(line, size, "\"replayed\":true");
}

enum relay_kind relay_lines_take(struct relay_lines *lines, UT_string *out, const char *line,
                                 size_t size)
{
    const bool error = is(line, size, "\"error\""), result = is(line, size, "\"result\"");
    const char *digits = error || result ? find(line, size, input_key) : NULL, *rest;
    if (!digits) {
        utstring_bincpy(out, line, size);
        return is_message(line, size) ? RELAY_MESSAGE : RELAY_EVENT;
    }
    const uint64_t number = read_number(digits, line + size, &rest);
    const bool more = result && find(line, size, "\"more\":true");
    if (number <= lines->own) {
        utstring_bincpy(out, line, size);
        return own_kind(lines, number, error, more);
    }
    utstring_bincpy(out, line, (size_t)(digits - line));
    utstring_printf(out, "%" PRIu64, number - lines->own);
    utstring_bincpy(out, rest, (size_t)(line + size - rest));
    if (!more)
        lines->answered = number - lines->own;
    return lines->answered > lines->asked && !lines->begun ? RELAY_END : RELAY_ANSWER;
}
