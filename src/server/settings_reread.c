/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/settings.h"

#include <string.h>
#include <sys/stat.h>

#include "base/fail.h"
#include "base/swap.h"
#include "base/ut.h"
#include "base/words.h"
#include "server/settings_parts.h"

/* What a pipe has told it does not tell again, and waiting for it would stop the daemon. */
static bool is_readable_again(const char *name, char **error)
{
    struct stat status;
    if (stat(name, &status) < 0 || S_ISREG(status.st_mode))
        return true; /* opening it says why not */
    return fail_with(error, "cannot read %s again: it is not a regular file", name);
}

bool settings_reread(const struct settings *settings, struct settings *fresh, char **error)
{
    struct settings scratch;
    if (!is_readable_again(settings->config, error))
        return false;
    struct command_line line = settings_command_line(fresh, &scratch);
    if (command_line_parse(&line, settings->argc, settings->argv, error) == 0)
        return true;
    settings_finish(fresh);
    return false;
}

/* --- what needs a new start --- */

static bool controls_differ(const struct settings *one, const struct settings *other)
{
    if (one->control_count != other->control_count)
        return true;
    for (size_t i = 0; i < one->control_count; i++) {
        const struct control_spec *first = &one->controls[i], *second = &other->controls[i];
        if (words_differ(first->path, second->path) || first->mode != second->mode ||
            first->read_only != second->read_only)
            return true;
    }
    return false;
}

static bool is_live(const struct option_spec *spec)
{
    const size_t begin = offsetof(struct settings, live);
    return spec->offset >= begin && spec->offset < begin + sizeof(struct settings_live);
}

static bool fields_differ(const struct option_spec *spec, const struct settings *one,
                          const struct settings *other)
{
    const void *first = (const char *)one + spec->offset;
    const void *second = (const char *)other + spec->offset;
    if (spec->is_text)
        return words_differ(*(char *const *)first, *(char *const *)second);
    return memcmp(first, second, spec->size) != 0;
}

char *settings_reread_left(const struct settings *settings, const struct settings *fresh)
{
    UT_string names;
    size_t count;
    const struct option_spec *table = settings_options(&count);
    utstring_init(&names);
    if (controls_differ(settings, fresh))
        words_add(&names, "control");
    for (size_t i = 0; i < count; i++)
        if (table[i].size > 0 && !is_live(&table[i]) &&
            fields_differ(&table[i], settings, fresh))
            words_add(&names, table[i].name);
    if (utstring_len(&names) > 0)
        return utstring_body(&names);
    utstring_done(&names);
    return NULL;
}

/* --- what is taken over --- */

void settings_reread_take(struct settings *settings, struct settings *fresh)
{
    SWAP(struct settings_live, settings->live, fresh->live);
    SWAP(char **, settings->endpoints, fresh->endpoints);
    SWAP(int, settings->endpoint_count, fresh->endpoint_count);
    SWAP(char **, settings->listen, fresh->listen);
    SWAP(int, settings->listen_count, fresh->listen_count);
    SWAP(struct settings_call *, settings->calls, fresh->calls);
    SWAP(size_t, settings->call_count, fresh->call_count);
}
