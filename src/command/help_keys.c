/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/help_keys.h"

#include <string.h>

#include "base/scheme.h"
#include "base/ut.h"
#include "core/profile.h"
#include "core/program.h"

enum { COLUMNS = 72 };

static void begin_line(UT_string *out, size_t *column)
{
    utstring_printf(out, "\n ");
    *column = 1;
}

static void put(UT_string *out, size_t *column, const char *text, size_t size)
{
    utstring_bincpy(out, text, size);
    *column += size;
}

/* Of a word that fills more than a line, broken behind the bars in it. */
static void add_parts(UT_string *out, size_t *column, const char *word)
{
    while (*word) {
        const size_t size = strcspn(word, "|") + (strchr(word, '|') != NULL);
        if (*column + size > COLUMNS) {
            begin_line(out, column);
            put(out, column, "   ", 3);
        }
        put(out, column, word, size);
        word += size;
    }
}

/* Puts a word behind others, or on a line of its own where there is no room. */
static void add(UT_string *out, size_t *column, const char *word)
{
    const size_t size = strlen(word);
    if (*column + 1 + size > COLUMNS)
        begin_line(out, column);
    put(out, column, " ", 1);
    if (*column + size <= COLUMNS)
        put(out, column, word, size);
    else
        add_parts(out, column, word);
}

/* "Keys of udp: from=LISTENER, interface=NAME" */
static void add_set(UT_string *out, const char *title, const struct key_set *set,
                    enum key_use use)
{
    size_t column = strlen(title), added = 0;
    for (size_t i = 0; set && i < set->count; i++) {
        const struct key *key = &set->keys[i];
        if (!(key->use & use))
            continue;
        char *word = mem_printf("%s=%s", key->name, key->values);
        utstring_printf(out, "%s", added++ > 0 ? "," : title);
        add(out, &column, word);
        column++; /* for the comma */
        free(word);
    }
    if (added > 0)
        utstring_printf(out, "\n");
}

char *help_keys(const char *text, enum key_use use, const struct program *program)
{
    UT_string out;
    utstring_init(&out);
    utstring_printf(&out, "%s", text);
    add_set(&out, "Keys:", &profile_keys, use);
    for (enum scheme scheme = 0; program->keys && scheme < SCHEME_COUNT; scheme++) {
        char *title = mem_printf("Keys of %s:", schemes[scheme].name);
        add_set(&out, title, program->keys(scheme), use);
        free(title);
    }
    return utstring_body(&out);
}
