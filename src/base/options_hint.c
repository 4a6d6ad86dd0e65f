/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/options_hint.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"
#include "base/options.h"
#include "base/slips.h"

const char *options_hint_letter(const struct options *options, char letter)
{
    for (const struct option_hint *hint = options->hints; hint && hint->text; hint++)
        if (hint->letter == letter)
            return hint->text;
    return NULL;
}

const char *options_hint_word(const struct options *options, const char *word, size_t size)
{
    const char *nearest = NULL;
    size_t fewest = slips_most(size);
    for (size_t i = 0; i < options->count; i++)
        if (slips_nearer(options->table[i].name, word, size, &fewest))
            nearest = options->table[i].name;
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
