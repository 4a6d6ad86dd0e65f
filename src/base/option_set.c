/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The setters that most options share. */
#include "base/options.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/fail.h"
#include "base/home.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/words.h"

static void *field_of(const struct option_spec *spec, void *values)
{
    return (char *)values + spec->offset;
}

bool option_set_flag(const struct option_spec *spec, void *values, const char *text,
                     char **error)
{
    bool *field = field_of(spec, values);
    bool yes = true; /* without a word */
    if (*text != '\0' && !words_yes(text, &yes))
        return fail_with(error, "'%s' is not yes or no", text);
    *field = yes;
    return true;
}

bool option_set_string(const struct option_spec *spec, void *values, const char *text,
                       char **error)
{
    char **field = field_of(spec, values);
    (void)error;
    free(*field);
    *field = mem_strdup(text);
    return true;
}

bool option_set_path(const struct option_spec *spec, void *values, const char *text,
                     char **error)
{
    char **field = field_of(spec, values);
    (void)error;
    free(*field);
    *field = home_expand(text);
    return true;
}

bool option_set_count(const struct option_spec *spec, void *values, const char *text,
                      char **error)
{
    uint64_t *field = field_of(spec, values);
    return number_parse(text, UINT64_MAX, field) ||
           fail_with(error, "'%s' is not a whole number", text);
}

bool option_set_size(const struct option_spec *spec, void *values, const char *text,
                     char **error)
{
    uint64_t *field = field_of(spec, values);
    return number_parse_size(text, field) ||
           fail_with(error, "'%s' is not a number of bytes like 65536, 64k, 1M or 1G", text);
}

bool option_set_seconds(const struct option_spec *spec, void *values, const char *text,
                        char **error)
{
    int64_t *field = field_of(spec, values);
    return number_parse_seconds(text, field) ||
           fail_with(error, "'%s' is not a number of seconds", text);
}
