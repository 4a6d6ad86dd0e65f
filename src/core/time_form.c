/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/time_form.h"

#include <stddef.h>

#include "base/words.h"

const char *const time_form_words[] = {
    [TIME_FORM_CLOCK] = "clock", [TIME_FORM_MS] = "ms",     [TIME_FORM_ISO] = "iso",
    [TIME_FORM_DELTA] = "delta", [TIME_FORM_NONE] = "none", NULL};

bool time_form_parse(const char *word, enum time_form *form, char **error)
{
    int place = words_parse(time_form_words, "form of times", word, error);
    if (place >= 0)
        *form = (enum time_form)place;
    return place >= 0;
}

const char *time_form_name(enum time_form form)
{
    return time_form_words[form];
}
