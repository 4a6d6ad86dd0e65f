/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/help_keys.h"

#include <string.h>

#include "base/scheme.h"
#include "base/ut.h"
#include "core/profile.h"
#include "core/program.h"

enum { COLUMNS = 72 };

/* Puts a word behind others, or on a line of its own where there is no room. */
static void add(UT_string *out, size_t *column, const char *word)
{
    size_t size = strlen(word);
    if (*column + 1 + size > COLUMNS) {
        utstring_printf(out, "\n ");
        *column = 1;
    }
    utstring_printf(out, " ");
    utstring_bincpy(out, word, size);
    *column += 1 + size;
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
