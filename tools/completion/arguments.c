/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be offered for an argument: words from the lists that the programs themselves use.
 */
#include "completion/completion.h"

#include <stdlib.h>
#include <string.h>

#include "base/scheme.h"
#include "core/eol.h"
#include "core/time_form.h"
#include "core/view.h"

static void append(UT_string *out, const char *const words[])
{
    for (; *words; words++)
        utstring_printf(out, " %s", *words);
}

static void eols(UT_string *out)
{
    append(out, eol_words);
}

static void views(UT_string *out)
{
    append(out, view_words);
}

static void times(UT_string *out)
{
    append(out, time_form_words);
}

static void prefixes(UT_string *out)
{
    for (enum scheme each = 0; each < SCHEME_COUNT; each++)
        utstring_printf(out, " %s", schemes[each].prefix);
}

/* Those that mean the same in every program. */
static const struct completion_argument common[] = {
    {"ADDRESS", COMPLETION_NOTHING, NULL},
    {"BYTES", COMPLETION_NOTHING, NULL},
    {"CIDR", COMPLETION_NOTHING, NULL},
    {"CONTROL", COMPLETION_FILES, NULL},
    {"ENDPOINT", COMPLETION_ENDPOINT, prefixes},
    {"EOL", COMPLETION_WORDS, eols},
    {"FILE", COMPLETION_FILES, NULL},
    {"FINGERPRINT", COMPLETION_NOTHING, NULL},
    {"FORM", COMPLETION_WORDS, times},
    {"N", COMPLETION_NOTHING, NULL},
    {"NAME", COMPLETION_NOTHING, NULL},
    {"PATH", COMPLETION_FILES, NULL},
    {"PEERS", COMPLETION_NOTHING, NULL},
    {"PID", COMPLETION_PROCESS, NULL},
    {"PORT", COMPLETION_NOTHING, NULL},
    {"PROTOCOLS", COMPLETION_NOTHING, NULL},
    {"SECONDS", COMPLETION_NOTHING, NULL},
    {"TEXT", COMPLETION_NOTHING, NULL},
    {"URL", COMPLETION_NOTHING, NULL},
    {"VIEW", COMPLETION_WORDS, views},
    {"WHERE WORD", COMPLETION_NOTHING, NULL},
    {0},
};

char *completion_bare(const char *name)
{
    name += *name == '[' || *name == '\'';
    return mem_strndup(name, strcspn(name, "].'"));
}

static const struct completion_argument *find(const struct completion_argument *list,
                                              const char *name)
{
    for (; list && list->name; list++)
        if (strcmp(list->name, name) == 0)
            return list;
    return NULL;
}

const struct completion_argument *completion_argument(const struct completion *completion,
                                                      const char *name)
{
    char *bare = completion_bare(name);
    const struct completion_argument *found = find(completion->own, bare);
    if (!found)
        found = find(common, bare);
    free(bare);
    return found;
}

char *completion_sub_names(const struct completion *completion)
{
    UT_string names;
    utstring_init(&names);
    for (int i = 0; i < COMPLETION_SUBS && completion->subs[i]; i++)
        utstring_printf(&names, "%s%s", i ? " " : "", completion->subs[i]->name);
    char *text = mem_strdup(utstring_body(&names));
    utstring_done(&names);
    return text;
}

char *completion_words(const struct completion_argument *argument)
{
    UT_string words;
    utstring_init(&words);
    if (argument->words)
        argument->words(&words);
    char *text = mem_strdup(utstring_body(&words) + (utstring_len(&words) > 0));
    utstring_done(&words);
    return text;
}
