/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/view.h"

#include <stddef.h>

#include "base/words.h"

const char *const view_words[] = {
    [VIEW_TEXT] = "text", [VIEW_HEX] = "hex", [VIEW_SIZE] = "size", [VIEW_NONE] = "none", NULL};

bool view_parse(const char *word, enum view *view, char **error)
{
    int place = words_parse(view_words, "view", word, error);
    if (place >= 0)
        *view = (enum view)place;
    return place >= 0;
}

const char *view_name(enum view view)
{
    return view_words[view];
}
