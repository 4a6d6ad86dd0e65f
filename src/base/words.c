/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/words.h"

#include <string.h>

#include "base/escape.h"

static int find(const char *const words[], const char *word)
{
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return -1;
}

int words_parse(const char *const words[], const char *what, const char *word, char **error)
{
    int place = find(words, word);
    if (place < 0) {
        char *shown = escape_string(word);
        char *known = words_list(words);
        *error = mem_printf("unknown %s '%s': use %s", what, shown, known);
        free(known);
        free(shown);
    }
    return place;
}

bool words_yes(const char *word, bool *yes)
{
    *yes = strcmp(word, "yes") == 0;
    return *yes || strcmp(word, "no") == 0;
}

char *words_list(const char *const words[])
{
    UT_string list;
    utstring_init(&list);
    for (int i = 0; words[i]; i++)
        utstring_printf(&list, "%s%s", i == 0 ? "" : words[i + 1] ? ", " : " or ", words[i]);
    return utstring_body(&list);
}

void words_add(UT_string *list, const char *word)
{
    utstring_printf(list, "%s%s", utstring_len(list) > 0 ? ", " : "", word);
}

bool words_differ(const char *one, const char *other)
{
    return one && other ? strcmp(one, other) != 0 : one != other;
}
