/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/command_line.h"
#include "base/fail.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/listener.h"
#include "server/endpoints.h"
#include "server/settings.h"

/* names: those that are given so far, count of them. */
static bool name_is_free(char **names, int count, const char *name, char **error)
{
    for (int i = 0; name && i < count; i++)
        if (names[i] && strcmp(names[i], name) == 0)
            return fail_with(error, "the name %s is taken by another listener", name);
    return true;
}

/* Sets *name, malloc'ed, where the endpoint gives one. */
static bool check_one(const struct settings *settings, const char *text, char **name,
                      char **error)
{
    struct listener *listener = endpoints_listener(settings, text, error);
    if (!listener)
        return false;
    const char *given = listener->origin.profile.name;
    *name = given ? mem_strdup(given) : NULL;
    listener_release(listener);
    return true;
}

static bool check_endpoints(const struct settings *settings, char **error)
{
    const int count = settings->endpoint_count;
    char **names = mem_zalloc(((size_t)count + 1) * sizeof *names);
    bool good = true;
    for (int i = 0; good && i < count; i++)
        good = check_one(settings, settings->endpoints[i], &names[i], error) &&
               name_is_free(names, i, names[i], error);
    for (int i = 0; i < count; i++)
        free(names[i]);
    free(names);
    return good;
}

int check_run(const struct settings *settings)
{
    char *error = NULL;
    if (check_endpoints(settings, &error))
        return EXIT_SUCCESS;
    log_error("%s", error);
    free(error);
    return EXIT_USAGE;
}
