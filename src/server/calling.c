/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/calling.h"

#include <stdlib.h>

#include "base/log.h"
#include "core/origin.h"
#include "server/endpoints.h"
#include "server/settings.h"
#include "transport/calls.h"

bool calling_begin(const struct settings *settings, struct calls *calls, const char *text,
                   char **error)
{
    struct origin *origin = endpoints_origin(settings, text, error);
    const bool begun = origin && calls_begin(calls, origin, text, error);
    origin_release(origin);
    return begun;
}

void calling_start(const struct settings *settings, struct calls *calls)
{
    for (size_t i = 0; i < settings->call_count; i++) {
        char *error = NULL;
        if (!calling_begin(settings, calls, settings->calls[i].endpoint, &error))
            log_error("%s", error);
        free(error);
    }
}
