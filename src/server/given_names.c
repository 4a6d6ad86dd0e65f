/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/given_names.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/mem.h"

bool given_names_add(struct given_names *given, const char *name, char **error)
{
    if (!name)
        return true;
    for (size_t i = 0; i < given->count; i++)
        if (strcmp(given->names[i], name) == 0)
            return fail_with(error, "the name %s is taken by another listener", name);
    given->names = mem_resize(given->names, (given->count + 1) * sizeof *given->names);
    given->names[given->count++] = mem_strdup(name);
    return true;
}

void given_names_finish(struct given_names *given)
{
    for (size_t i = 0; i < given->count; i++)
        free(given->names[i]);
    free(given->names);
    *given = (struct given_names){0};
}
