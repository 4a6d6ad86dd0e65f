/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/search.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* The C library's tolower asks the locale, which knows letters of one byte only. */
static char small(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

static char large(char byte)
{
    return byte >= 'a' && byte <= 'z' ? (char)(byte - 'a' + 'A') : byte;
}

void search_set(struct search *search, const void *text, size_t size)
{
    char *copy = mem_dup(text, size);
    for (size_t i = 0; i < size; i++)
        copy[i] = small(copy[i]);
    search_finish(search);
    *search = (struct search){.text = copy, .size = size};
}

void search_finish(struct search *search)
{
    free(search->text);
    *search = (struct search){0};
}

/* Where in data byte stands next, or its end: the C library is much faster at that. */
static const char *next_of(const char *data, const char *end, char byte)
{
    const char *found = data < end ? memchr(data, byte, (size_t)(end - data)) : NULL;
    return found ? found : end;
}

static bool stands_at(const struct search *search, const char *data)
{
    for (size_t i = 1; i < search->size; i++)
        if (small(data[i]) != search->text[i])
            return false;
    return true;
}

bool search_finds(const struct search *search, const void *data, size_t size)
{
    if (search->size == 0)
        return true;
    if (search->size > size)
        return false;
    const char *at = data, *end = at + (size - search->size) + 1; /* where it can begin */
    const char first = search->text[0], other = large(first);
    const char *one = next_of(at, end, first), *two = next_of(at, end, other);
    while (one < end || two < end) {
        at = one < two ? one : two;
        if (stands_at(search, at))
            return true;
        if (at == one)
            one = next_of(at + 1, end, first);
        if (at == two)
            two = next_of(at + 1, end, other);
    }
    return false;
}
