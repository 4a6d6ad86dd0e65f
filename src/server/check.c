/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/check.h"

#include <stdlib.h>

#include "base/command_line.h"
#include "base/log.h"
#include "core/listener.h"
#include "server/calling.h"
#include "server/endpoints.h"
#include "server/given_names.h"
#include "server/settings.h"

static int check_listener(const struct settings *settings, const char *text,
                          struct given_names *names, char **error)
{
    struct listener *listener = endpoints_listener(settings, text, error);
    if (!listener)
        return EXIT_USAGE;
    int status = EXIT_SUCCESS;
    if (!given_names_add(names, listener->origin.profile.name, error))
        status = EXIT_USAGE;
    else if (!endpoints_load(settings, &listener->origin, NULL, error))
        status = EXIT_FAILURE;
    listener_release(listener);
    return status;
}

static int check_all(const struct settings *settings, char **error)
{
    struct given_names names = {0};
    int status = EXIT_SUCCESS;
    for (int i = 0; status == EXIT_SUCCESS && i < settings->endpoint_count; i++)
        status = check_listener(settings, settings->endpoints[i], &names, error);
    given_names_finish(&names);
    if (status != EXIT_SUCCESS)
        return status;
    return calling_check(settings, error) ? EXIT_SUCCESS : EXIT_FAILURE;
}

int check_run(const struct settings *settings)
{
    char *error = NULL;
    const int status = check_all(settings, &error);
    if (error)
        log_error("%s", error);
    free(error);
    return status;
}
