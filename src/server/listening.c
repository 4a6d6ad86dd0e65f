/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/listening.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/hub.h"
#include "server/endpoints.h"
#include "server/passed.h"
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

static struct listener *add(const struct settings *settings, struct hub *hub, const char *text,
                            char **error)
{
    struct listener *listener = prepare(settings, hub, text, error);
    if (listener)
        hub_add_listener(hub, listener);
    return listener;
}

static bool add_all(const struct settings *settings, struct hub *hub, const char *const *texts,
                    int count, char **error)
{
    for (int i = 0; i < count; i++)
        if (!add(settings, hub, texts[i], error))
            return false;
    return true;
}

/* All endpoints are understood before the first is bound: a usage error binds nothing. */
static bool prepare_all(const struct settings *settings, struct hub *hub, char **error)
{
    static const char *const defaults[] = {"tcp://*:9999", "udp://*:21567"};
    if (settings->endpoint_count == 0 && !hub->listeners)
        return add_all(settings, hub, defaults, sizeof defaults / sizeof *defaults, error);
    return add_all(settings, hub, (const char *const *)settings->endpoints,
                   settings->endpoint_count, error);
}

static bool adopt_all(const struct settings *settings, const struct passed *passed,
                      struct hub *hub, struct switchboard *board, char **error)
{
    for (size_t i = 0; i < passed->listener_count; i++) {
        const struct passed_socket *socket = &passed->listeners[i];
        struct listener *listener = add(settings, hub, socket->endpoint, error);
        if (!listener || !endpoints_adopt(board, listener, socket->fd, error))
            return false;
    }
    return true;
}

static bool bind_all(struct hub *hub, struct switchboard *board, char **error)
{
    struct listener *listener;
    DL_FOREACH(hub->listeners, listener)
        if (!listener->binding && !endpoints_bind(board, listener, error))
            return false;
    return true;
}

int listening_start(const struct settings *settings, const struct passed *passed,
                    struct hub *hub, struct switchboard *board, char **error)
{
    if (!adopt_all(settings, passed, hub, board, error))
        return EXIT_FAILURE;
    if (!prepare_all(settings, hub, error))
        return EXIT_USAGE;
    return bind_all(hub, board, error) ? 0 : EXIT_FAILURE;
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
