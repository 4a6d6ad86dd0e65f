/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/listening.h"

#include <stdlib.h>

#include "base/cast.h"
#include "base/command_line.h"
#include "base/fail.h"
#include "base/mem.h"
#include "core/hub.h"
#include "loop/resolve.h"
#include "server/endpoints.h"
#include "server/far_end.h"
#include "server/passed.h"
#include "server/settings.h"
#include "server/standing.h"
#include "transport/transport.h"

static bool name_is_free(const struct hub *hub, const struct listener *listener, char **error)
{
    const char *name = listener->origin.profile.name;
    if (!name || !hub_find_listener(hub, name))
        return true;
    *error = mem_printf("the name %s is taken by another listener", name);
    return false;
}

static struct listener *prepare(const struct settings *settings, const struct hub *hub,
                                const char *text, char **error)
{
    struct listener *listener = endpoints_listener(settings, text, error);
    if (!listener || name_is_free(hub, listener, error))
        return listener;
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

const char *const *listening_wanted(const struct settings *settings,
                                    const struct passed *passed, size_t *count)
{
    static const char *const defaults[] = {"tcp://*:9999", "udp://*:21567"};
    *count = (size_t)settings->endpoint_count;
    if (*count > 0 || passed->listener_count > 0)
        return (const char *const *)settings->endpoints;
    *count = sizeof defaults / sizeof *defaults;
    return defaults;
}

/* Its place is what is known before it is bound. */
static void stand(struct standing *standing, const char *text, const struct listener *listener)
{
    char *place = endpoint_print(&listener->origin.endpoint);
    standing_add(standing, text, place, listener->number);
    free(place);
}

/* All endpoints are understood before the first is bound: a usage error binds nothing. */
static bool add_wanted(const struct settings *settings, const struct passed *passed,
                       struct hub *hub, struct standing *standing, char **error)
{
    size_t count;
    const char *const *texts = listening_wanted(settings, passed, &count);
    for (size_t i = 0; i < count; i++) {
        const struct listener *listener = add(settings, hub, texts[i], error);
        if (!listener)
            return false;
        stand(standing, texts[i], listener);
    }
    return true;
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
        if (!listener->binding && !endpoints_bind(board, listener, NULL, error))
            return false;
    return true;
}

/* Which ports are ours is known only now. */
static bool check_far_ends(const struct hub *hub, char **error)
{
    const struct listener *listener;
    DL_FOREACH(hub->listeners, listener)
        if (!far_end_check(hub->listeners, listener, error))
            return false;
    return true;
}

int listening_start(const struct settings *settings, const struct passed *passed,
                    struct hub *hub, struct switchboard *board, struct standing *standing,
                    char **error)
{
    if (!adopt_all(settings, passed, hub, board, error))
        return EXIT_FAILURE;
    if (!add_wanted(settings, passed, hub, standing, error))
        return EXIT_USAGE;
    if (!bind_all(hub, board, error))
        return EXIT_FAILURE;
    return check_far_ends(hub, error) ? 0 : EXIT_USAGE;
}

void listening_announce(struct hub *hub)
{
    const struct listener *listener;
    DL_FOREACH(hub->listeners, listener)
        hub_announce_listener(hub, listener);
}

void listening_stop(struct hub *hub)
{
    while (hub->listeners)
        hub_remove_listener(hub, hub->listeners);
}

/* --- one more --- */

struct listening {
    struct switchboard *board;
    CAST_MARK;
    struct listener *listener; /* NULL once it is taken */
    void (*ready)(void *asker);
    void *asker;
    struct resolve *resolve; /* NULL: nothing is waited for */
    struct resolved host;
    char *failure; /* why the host has no addresses */
};

static void resolved(void *context, const struct resolved *found, int cause, const char *error)
{
    struct listening *listening = CAST(listening, context);
    (void)cause;
    listening->resolve = NULL;
    if (found)
        listening->host = resolved_copy(found);
    else
        listening->failure = mem_strdup(error);
    listening->ready(listening->asker);
}

struct listening *listening_begin(struct switchboard *board, struct listener *listener,
                                  void (*ready)(void *asker), void *asker)
{
    struct listening *listening = mem_alloc(sizeof *listening);
    *listening = (struct listening){
        .board = board, .listener = listener, .ready = ready, .asker = asker};
    CAST_INIT(listening, listening);
    const struct endpoint *endpoint = &listener->origin.endpoint;
    if (endpoint->host && resolve_is_name(endpoint->host))
        listening->resolve = resolve_create(board->loop, endpoint->host, endpoint->port,
                                            board->settings.dial.timeout, resolved, listening);
    return listening;
}

bool listening_waits(const struct listening *listening)
{
    return listening->resolve != NULL;
}

bool listening_bind(struct listening *listening, char **error)
{
    struct listener *listener = listening->listener;
    const struct resolved *host = listening->host.count > 0 ? &listening->host : NULL;
    if (listening->failure)
        return fail_with(error, "cannot listen on %s: %s", listener->origin.text,
                         listening->failure);
    return endpoints_bind(listening->board, listener, host, error);
}

struct listener *listening_take(struct listening *listening)
{
    struct listener *listener = listening->listener;
    listening->listener = NULL;
    return listener;
}

void listening_release(struct listening *listening)
{
    if (!listening)
        return;
    resolve_destroy(listening->resolve);
    resolved_finish(&listening->host);
    listener_release(listening->listener);
    free(listening->failure);
    free(listening);
}

struct listening *listening_prepare(const struct settings *settings, struct hub *hub,
                                    struct switchboard *board, const char *text,
                                    void (*ready)(void *asker), void *asker, char **error)
{
    struct listener *listener = prepare(settings, hub, text, error);
    return listener ? listening_begin(board, listener, ready, asker) : NULL;
}

struct listener *listening_complete(struct listening *listening, char **error)
{
    struct hub *hub = listening->board->hub;
    if (!name_is_free(hub, listening->listener, error) || !listening_bind(listening, error) ||
        !far_end_check(hub->listeners, listening->listener, error))
        return NULL;
    struct listener *listener = listening_take(listening);
    hub_add_listener(hub, listener);
    hub_announce_listener(hub, listener);
    return listener;
}
