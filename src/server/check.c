/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/check.h"

#include <stdlib.h>

#include "base/command_line.h"
#include "base/log.h"
#include "core/listener.h"
#include "server/endpoints.h"
#include "server/given_names.h"
#include "server/settings.h"

static bool check_one(const struct settings *settings, const char *text,
                      struct given_names *names, char **error)
{
    struct listener *listener = endpoints_listener(settings, text, error);
    if (!listener)
        return false;
    const bool good = given_names_add(names, listener->origin.profile.name, error);
    listener_release(listener);
    return good;
}

static bool check_endpoints(const struct settings *settings, char **error)
{
    struct given_names names = {0};
    bool good = true;
    for (int i = 0; good && i < settings->endpoint_count; i++)
        good = check_one(settings, settings->endpoints[i], &names, error);
    given_names_finish(&names);
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
