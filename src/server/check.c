/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/check.h"

#include <stdlib.h>

#include "base/command_line.h"
#include "base/log.h"
#include "base/ut.h"
#include "core/listener.h"
#include "server/calling.h"
#include "server/endpoints.h"
#include "server/far_end.h"
#include "server/given_names.h"
#include "server/settings.h"

static int check_listener(const struct settings *settings, const char *text,
                          struct given_names *names, struct listener **listeners, char **error)
{
    struct listener *listener = endpoints_listener(settings, text, error);
    if (!listener)
        return EXIT_USAGE;
    DL_APPEND(*listeners, listener);
    if (!given_names_add(names, listener->origin.profile.name, error))
        return EXIT_USAGE;
    return endpoints_load(settings, &listener->origin, NULL, error) ? EXIT_SUCCESS
                                                                    : EXIT_FAILURE;
}

static int check_far_ends(const struct listener *listeners, char **error)
{
    const struct listener *listener;
    DL_FOREACH(listeners, listener)
        if (!far_end_check(listeners, listener, error))
            return EXIT_USAGE;
    return EXIT_SUCCESS;
}

/* *listeners gets those that were understood. */
static int check_listeners(const struct settings *settings, struct listener **listeners,
                           char **error)
{
    struct given_names names = {0};
    int status = EXIT_SUCCESS;
    for (int i = 0; status == EXIT_SUCCESS && i < settings->endpoint_count; i++)
        status = check_listener(settings, settings->endpoints[i], &names, listeners, error);
    given_names_finish(&names);
    return status == EXIT_SUCCESS ? check_far_ends(*listeners, error) : status;
}

static int check_all(const struct settings *settings, char **error)
{
    struct listener *listeners = NULL, *listener, *next;
    const int status = check_listeners(settings, &listeners, error);
    DL_FOREACH_SAFE(listeners, listener, next)
        listener_release(listener);
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
