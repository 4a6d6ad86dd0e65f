/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/answer.h"

#include <string.h>

#include "base/json_put.h"

/* Bytes from the beginning within which an event's name and its mark stand. */
enum { HEAD = 128 };

static const char more_end[] = ",\"more\":true}";

static bool has(const char *line, size_t size, const char *what)
{
    return memmem(line, size, what, strlen(what)) != NULL;
}

static bool ends_with(const char *line, size_t size, const char *end)
{
    const size_t length = strlen(end);
    return size >= length && memcmp(line + size - length, end, length) == 0;
}

enum answer_kind answer_kind(const char *line, size_t size)
{
    const size_t head = size < HEAD ? size : HEAD;
    const bool result = has(line, head, "\"event\":\"result\"");
    if (result || has(line, head, "\"event\":\"error\"")) {
        if (!has(line, size, "\"input\":")) /* of no line: of /every, say */
            return ANSWER_NONE;
        return result && ends_with(line, size, more_end) ? ANSWER_MORE : ANSWER_LAST;
    }
    if (has(line, head, "\"replayed\":true"))
        return ANSWER_AGAIN;
    return has(line, head, "\"event\":\"lost\"") ? ANSWER_LOST : ANSWER_NONE;
}

/* Here it may stand anywhere among the members. */
bool answer_goes_on(const char *line, size_t size)
{
    return has(line, size, "\"more\":true");
}

void answer_with_more(UT_string *out, const char *line, size_t size)
{
    ut_append(out, line, size - 1);
    ut_append(out, more_end, sizeof more_end - 1);
}

static void begin(struct json *json, UT_string *out, int64_t wall, const char *event)
{
    json_put_init(json, out);
    json_put_object_begin(json, NULL);
    json_put_time(json, "time", wall);
    json_put_string(json, "event", event);
}

static void end(struct json *json, bool more)
{
    if (more)
        json_put_bool(json, "more", true);
    json_put_object_end(json);
}

void answer_error(UT_string *out, int64_t wall, const char *text, bool more)
{
    struct json json;
    begin(&json, out, wall, "error");
    json_put_text(&json, "error", text, strlen(text));
    end(&json, more);
}

void answer_lost(UT_string *out, int64_t wall)
{
    struct json json;
    begin(&json, out, wall, "lost");
    json_put_unsigned(&json, "messages", 1);
    json_put_unsigned(&json, "events", 0);
    end(&json, true);
}
