/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/options_hint.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"
#include "base/options.h"

/* Longer words than any option are slips of none. */
enum { WORD_MAX = 32, SLIPS_MAX = 2, SHORT = 3 };

const char *options_hint_letter(const struct options *options, char letter)
{
    for (const struct option_hint *hint = options->hints; hint && hint->text; hint++)
        if (hint->letter == letter)
            return hint->text;
    return NULL;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many letters to add, drop or change to make b of a (Levenshtein). b: WORD_MAX at most. */
static size_t slips(const char *a, size_t a_size, const char *b, size_t b_size)
{
    size_t row[WORD_MAX + 1];
    for (size_t j = 0; j <= b_size; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_size; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_size; j++) {
            size_t above = row[j];
            row[j] = least(least(above, row[j - 1]) + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[b_size];
}

const char *options_hint_word(const struct options *options, const char *word, size_t size)
{
    const char *nearest = NULL;
    size_t fewest = (size <= SHORT ? 1 : SLIPS_MAX) + 1;
    for (size_t i = 0; i < options->count && size <= WORD_MAX; i++) {
        const char *name = options->table[i].name;
        size_t count = slips(name, strlen(name), word, size);
        if (count < fewest) {
            nearest = name;
            fewest = count;
        }
    }
    return nearest;
}

char *options_hint_operand(const struct options *options, const char *operand)
{
    const char *value = strchr(operand, '=');
    for (size_t i = 0; value && i < options->count; i++) {
        const struct option_spec *spec = &options->table[i];
        size_t length = strlen(spec->name);
        if (length != (size_t)(value - operand) || strncmp(operand, spec->name, length) != 0)
            continue;
        char *shown = escape_string(operand);
        char *error = mem_printf("'%s' lacks its dashes: did you mean --%s?", shown,
                                 spec->argument ? shown : spec->name);
        free(shown);
        return error;
    }
    return NULL;
}
