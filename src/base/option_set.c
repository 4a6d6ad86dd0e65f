/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The setters that most options share. */
#include "base/options.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"
#include "base/number.h"

static void *field_of(const struct option_spec *spec, void *values)
{
    return (char *)values + spec->offset;
}

/* Always false: "'text' is not what". */
static bool refuse(const char *text, const char *what, char **error)
{
    char *quoted = escape_string(text);
    *error = mem_printf("'%s' is not %s", quoted, what);
    free(quoted);
    return false;
}

bool option_set_flag(const struct option_spec *spec, void *values, const char *text,
                     char **error)
{
    bool *field = field_of(spec, values);
    bool yes = *text == '\0' || strcmp(text, "yes") == 0;
    if (!yes && strcmp(text, "no") != 0)
        return refuse(text, "yes or no", error);
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

bool option_set_count(const struct option_spec *spec, void *values, const char *text,
                      char **error)
{
    uint64_t *field = field_of(spec, values);
    return number_parse(text, UINT64_MAX, field) || refuse(text, "a whole number", error);
}

bool option_set_size(const struct option_spec *spec, void *values, const char *text,
                     char **error)
{
    uint64_t *field = field_of(spec, values);
    return number_parse_size(text, field) ||
           refuse(text, "a number of bytes like 65536, 64k, 1M or 1G", error);
}

bool option_set_seconds(const struct option_spec *spec, void *values, const char *text,
                        char **error)
{
    int64_t *field = field_of(spec, values);
    return number_parse_seconds(text, field) || refuse(text, "a number of seconds", error);
}
