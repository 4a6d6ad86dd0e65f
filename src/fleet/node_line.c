/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/node_line.h"

#include <inttypes.h>
#include <string.h>

/* In a string a quote has a backslash before it, so these are found where they are members. */
static const char input_key[] = "\"input\":";

static size_t digits_at(const char *text, const char *end)
{
    size_t count = 0;
    while (text + count < end && text[count] >= '0' && text[count] <= '9')
        count++;
    return count;
}

/* The members, with our number in place of the node's; whether there was one. */
static bool copy_members(UT_string *out, uint64_t input, const char *text, const char *end)
{
    const size_t length = sizeof input_key - 1;
    const char *found =
        input > 0 ? memmem(text, (size_t)(end - text), input_key, length) : NULL;
    if (!found) {
        ut_append(out, text, (size_t)(end - text));
        return false;
    }
    const char *digits = found + length, *rest = digits + digits_at(digits, end);
    ut_append(out, text, (size_t)(digits - text));
    utstring_printf(out, "%" PRIu64, input);
    ut_append(out, rest, (size_t)(end - rest));
    return true;
}

void node_line_write(UT_string *out, const struct node_line *line, const char *text,
                     size_t size)
{
    const char *end = text + size;
    while (end > text && end[-1] != '}')
        end--;
    if (end - text < 2 || *text != '{')
        return;
    if (!copy_members(out, line->input, text, end - 1) && line->input > 0)
        utstring_printf(out, ",\"input\":%" PRIu64, line->input);
    if (line->past)
        utstring_printf(out, ",\"replayed\":true");
    if (line->more)
        utstring_printf(out, ",\"more\":true");
    utstring_printf(out, ",\"node\":\"%s\"}\n", line->node);
}
