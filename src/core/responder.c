/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/responder.h"

#include <string.h>

#include "base/escape.h"
#include <stdlib.h>

#include "base/mem.h"

const struct responder *const responder_table[] = {
#define RESPONDER_ENTRY(name) &responder_##name,
    RESPONDERS(RESPONDER_ENTRY)
#undef RESPONDER_ENTRY
        NULL,
};

static char *no_such_responder(const char *name)
{
    char *shown = escape_string(name);
    UT_string known;
    utstring_init(&known);
    for (const struct responder *const *each = responder_table; *each; each++)
        utstring_printf(&known, "%s%s", each == responder_table ? "" : ", ", (*each)->name);
    char *error = mem_printf("unknown reply '%s': use one of %s", shown, utstring_body(&known));
    utstring_done(&known);
    free(shown);
    return error;
}

const struct responder *responder_find(const char *name, char **error)
{
    for (const struct responder *const *each = responder_table; *each; each++)
        if (strcmp((*each)->name, name) == 0)
            return *each;
    *error = no_such_responder(name);
    return NULL;
}
