/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/event_line.h"

#include <string.h>

/* What is still to be looked at. */
struct rest {
    const char *at, *end;
};

static bool skip(struct rest *rest, const char *expected)
{
    const size_t size = strlen(expected);
    if ((size_t)(rest->end - rest->at) < size || memcmp(rest->at, expected, size) != 0)
        return false;
    rest->at += size;
    return true;
}

/* To behind the quote that ends a string without escapes: times and names of events have none.
 */
static bool skip_string(struct rest *rest)
{
    const char *quote = memchr(rest->at, '"', (size_t)(rest->end - rest->at));
    if (!quote)
        return false;
    rest->at = quote + 1;
    return true;
}

static bool read_seq(struct rest *rest, uint64_t *seq)
{
    const char *begin = rest->at;
    for (*seq = 0; rest->at < rest->end && *rest->at >= '0' && *rest->at <= '9'; rest->at++) {
        const unsigned digit = (unsigned)(*rest->at - '0');
        if (*seq > (UINT64_MAX - digit) / 10)
            return false;
        *seq = *seq * 10 + digit;
    }
    return rest->at > begin;
}

bool event_line_read(struct event_line *line, const char *text, size_t size)
{
    struct rest rest = {.at = text, .end = text + size};
    *line = (struct event_line){.text = text, .size = size};
    if (!skip(&rest, "{\"time\":\"") || !skip_string(&rest) || !skip(&rest, ",\"event\":\""))
        return false;
    line->name = rest.at;
    if (!skip_string(&rest))
        return false;
    line->name_size = (size_t)(rest.at - line->name) - 1;
    if (!skip(&rest, ",\"seq\":"))
        return true;
    if (!read_seq(&rest, &line->seq))
        return false;
    line->again = (size_t)(rest.at - text);
    line->replayed = skip(&rest, ",\"replayed\":true");
    line->again_size = (size_t)(rest.at - text) - line->again;
    return true;
}

bool event_line_is(const struct event_line *line, const char *name)
{
    return strlen(name) == line->name_size && memcmp(name, line->name, line->name_size) == 0;
}

bool event_line_is_message(const struct event_line *line)
{
    return event_line_is(line, "message") || event_line_is(line, "sent");
}

enum subject_kind event_line_kind(const struct event_line *line)
{
    if (event_line_is_message(line) || event_line_is(line, "file"))
        return SUBJECT_TALK;
    return event_line_is(line, "lost") ? SUBJECT_LOST : SUBJECT_LIFE;
}
