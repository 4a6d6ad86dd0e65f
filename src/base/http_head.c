/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/http_head.h"

#include <string.h>
#include <strings.h>

#include "base/http_request.h"
#include "base/ut.h"

size_t http_head_size(const char *data, size_t size)
{
    const char *end = data + size;
    for (const char *at = data; (at = memchr(at, '\n', (size_t)(end - at)));) {
        at++;
        if (at < end && *at == '\r')
            at++;
        if (at < end && *at == '\n')
            return (size_t)(at + 1 - data);
    }
    return 0;
}

/* --- fields --- */

struct line {
    const char *text;
    size_t size; /* with its end */
};

/* The line behind it; the last one is followed by an empty one. */
static struct line line_at(const char *head, size_t size, size_t at)
{
    const char *end = memchr(head + at, '\n', size - at);
    return (struct line){.text = head + at,
                         .size = end ? (size_t)(end + 1 - head) - at : size - at};
}

static bool is_named(const struct line *line, const char *name)
{
    const size_t length = strlen(name);
    return line->size > length && line->text[length] == ':' &&
           strncasecmp(line->text, name, length) == 0;
}

static struct line value_of(const struct line *line)
{
    const char *colon = memchr(line->text, ':', line->size);
    struct line value = {.text = colon + 1,
                         .size = line->size - (size_t)(colon + 1 - line->text)};
    while (value.size > 0 && strchr(" \t\r\n", value.text[value.size - 1]))
        value.size--;
    while (value.size > 0 && strchr(" \t", *value.text)) {
        value.text++;
        value.size--;
    }
    return value;
}

bool http_head_is_valid(const char *head, size_t size)
{
    struct line line = line_at(head, size, 0);
    if (memchr(head, '\0', size))
        return false;
    for (size_t at = line.size; at < size; at += line.size) {
        line = line_at(head, size, at);
        if (!http_line_is_empty(line.text, line.size) &&
            !http_field_is_valid(line.text, line.size))
            return false;
    }
    return true;
}

char *http_head_field(const char *head, size_t size, const char *name)
{
    struct line line = line_at(head, size, 0);
    UT_string out = {0};
    for (size_t at = line.size; at < size; at += line.size) {
        line = line_at(head, size, at);
        if (!is_named(&line, name))
            continue;
        const struct line value = value_of(&line);
        if (out.d)
            ut_append(&out, ", ", 2);
        else
            utstring_init(&out);
        ut_append(&out, value.text, value.size);
    }
    return out.d; /* NULL where there was none */
}

unsigned http_head_count(const char *head, size_t size, const char *name)
{
    struct line line = line_at(head, size, 0);
    unsigned count = 0;
    for (size_t at = line.size; at < size; at += line.size) {
        line = line_at(head, size, at);
        count += is_named(&line, name);
    }
    return count;
}

/* --- lists --- */

char *http_list_next(char **list)
{
    while (*list) {
        char *word = strsep(list, ",");
        word += strspn(word, " \t");
        size_t length = strlen(word);
        while (length > 0 && strchr(" \t", word[length - 1]))
            word[--length] = '\0';
        if (length > 0)
            return word;
    }
    return NULL;
}

bool http_head_lists(const char *head, size_t size, const char *name, const char *word)
{
    char *list = http_head_field(head, size, name), *rest = list;
    bool found = false;
    for (const char *each; !found && (each = http_list_next(&rest));)
        found = strcasecmp(each, word) == 0;
    free(list);
    return found;
}
