/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agents.h"

#include <stddef.h>
#include <string.h>

#include "base/fail.h"

static const struct agent *const agents[] = {
#define AGENT_ENTRY(name, meaning) &agent_##name,
    AGENTS(AGENT_ENTRY, AGENT_ENTRY, AGENT_ENTRY)
#undef AGENT_ENTRY
};

const char *const agents_words[] = {
#define AGENT_WORD(name, meaning) #name,
    AGENTS(AGENT_WORD, AGENT_WORD, AGENT_WORD)
#undef AGENT_WORD
        NULL,
};

const struct agent *agents_find(const char *name, char **error)
{
    for (size_t i = 0; agents_words[i]; i++)
        if (strcmp(agents_words[i], name) == 0)
            return agents[i];
    fail_with(error, "unknown reply '%s': use one of " AGENTS_LIST, name);
    return NULL;
}
