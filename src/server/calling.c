/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/calling.h"

#include <stdlib.h>
#include <string.h>

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

static void begin(const struct settings *settings, struct calls *calls, const char *text)
{
    char *error = NULL;
    if (!calling_begin(settings, calls, text, &error))
        log_error("%s", error);
    free(error);
}

bool calling_check(const struct settings *settings, char **error)
{
    bool good = true;
    for (size_t i = 0; good && i < settings->call_count; i++) {
        struct origin *origin = endpoints_origin(settings, settings->calls[i].endpoint, error);
        good = origin && endpoints_load(settings, origin, NULL, error);
        origin_release(origin);
    }
    return good;
}

void calling_start(const struct settings *settings, struct calls *calls)
{
    for (size_t i = 0; i < settings->call_count; i++)
        begin(settings, calls, settings->calls[i].endpoint);
}

/* Of those that are the same, the first so many. */
static size_t count_same(const struct settings *settings, size_t most, const char *text)
{
    size_t count = 0;
    for (size_t i = 0; i < most; i++)
        count += strcmp(settings->calls[i].endpoint, text) == 0;
    return count;
}

/* Whether the i-th of settings is one that other has not. */
static bool is_alone(const struct settings *settings, size_t i, const struct settings *other)
{
    const char *text = settings->calls[i].endpoint;
    return count_same(settings, i, text) >= count_same(other, other->call_count, text);
}

void calling_change(const struct settings *former, const struct settings *settings,
                    struct calls *calls)
{
    for (size_t i = 0; i < former->call_count; i++)
        if (is_alone(former, i, settings))
            calls_end(calls, former->calls[i].endpoint);
    for (size_t i = 0; i < settings->call_count; i++)
        if (is_alone(settings, i, former))
            begin(settings, calls, settings->calls[i].endpoint);
}
