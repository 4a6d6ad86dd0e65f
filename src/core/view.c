/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/view.h"

#include <string.h>

#include "base/fail.h"

static const char *const names[] = {
    [VIEW_TEXT] = "text", [VIEW_HEX] = "hex", [VIEW_SIZE] = "size", [VIEW_NONE] = "none"};

bool view_parse(const char *word, enum view *view, char **error)
{
    for (enum view each = VIEW_TEXT; each <= VIEW_NONE; each++) {
        if (strcmp(names[each], word) == 0) {
            *view = each;
            return true;
        }
    }
    return fail_with(error, "unknown view '%s': use text, hex, size or none", word);
}

const char *view_name(enum view view)
{
    return names[view];
}
