/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/listening.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "core/hub.h"
#include "server/endpoints.h"
#include "server/settings.h"

enum { EXIT_USAGE = 2 };

static struct listener *prepare(const struct settings *settings, const struct hub *hub,
                                const char *text, char **error)
{
    struct listener *listener = endpoints_parse(settings, text, PROFILE_LISTEN, error);
    const char *name = listener ? listener->profile.name : NULL;
    if (!name || !hub_find_listener(hub, name))
        return listener;
    *error = mem_printf("the name %s is taken by another listener", name);
    listener_release(listener);
    return NULL;
}

/* All endpoints are understood before the first is bound: a usage error binds nothing. */
static bool prepare_all(const struct settings *settings, struct hub *hub, char **error)
{
    static const char *const defaults[] = {"tcp://*:9999", "udp://*:21567"};
    bool given = settings->endpoint_count > 0;
    int count = given ? settings->endpoint_count : (int)(sizeof defaults / sizeof *defaults);
    for (int i = 0; i < count; i++) {
        const char *text = given ? settings->endpoints[i] : defaults[i];
        struct listener *listener = prepare(settings, hub, text, error);
        if (!listener)
            return false;
        hub_add_listener(hub, listener);
    }
    return true;
}

static bool bind_all(struct hub *hub, struct switchboard *board, char **error)
{
    struct listener *listener;
    DL_FOREACH(hub->listeners, listener)
        if (!endpoints_bind(board, listener, error))
            return false;
    return true;
}

int listening_start(const struct settings *settings, struct hub *hub, struct switchboard *board)
{
    char *error = NULL;
    int status = 0;
    if (!prepare_all(settings, hub, &error))
        status = EXIT_USAGE;
    else if (!bind_all(hub, board, &error))
        status = EXIT_FAILURE;
    if (error)
        log_error("%s", error);
    free(error);
    return status;
}

void listening_announce(struct hub *hub)
{
    const struct listener *listener;
    DL_FOREACH(hub->listeners, listener)
        hub_announce_listener(hub, listener);
}

struct listener *listening_add(const struct settings *settings, struct hub *hub,
                               struct switchboard *board, const char *text, char **error)
{
    struct listener *listener = prepare(settings, hub, text, error);
    if (!listener)
        return NULL;
    if (!endpoints_bind(board, listener, error)) {
        listener_release(listener);
        return NULL;
    }
    hub_add_listener(hub, listener);
    hub_announce_listener(hub, listener);
    return listener;
}

void listening_stop(struct hub *hub)
{
    while (hub->listeners)
        hub_remove_listener(hub, hub->listeners);
}
