/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/option_set.h"

#include "core/agents.h"
#include "core/profile.h"
#include "core/time_form.h"
#include "core/view.h"

static void *field_of(const struct option_spec *spec, void *values)
{
    return (char *)values + spec->offset;
}

bool option_set_reply(const struct option_spec *spec, void *values, const char *text,
                      char **error)
{
    const struct agent **field = field_of(spec, values);
    *field = agents_find(text, error);
    return *field != NULL;
}

bool option_set_eol(const struct option_spec *spec, void *values, const char *text,
                    char **error)
{
    return eol_parse(text, field_of(spec, values), error);
}

bool option_set_view(const struct option_spec *spec, void *values, const char *text,
                     char **error)
{
    return view_parse(text, field_of(spec, values), error);
}

bool option_set_time_form(const struct option_spec *spec, void *values, const char *text,
                          char **error)
{
    return time_form_parse(text, field_of(spec, values), error);
}
