/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/endpoints.h"

#include <stdlib.h>

#include "base/endpoint.h"
#include "base/escape.h"
#include "base/mem.h"
#include "core/hub.h"
#include "server/settings.h"
#include "transport/transport.h"

/* "what ENDPOINT: reason", with what comes from outside escaped. Frees the reason. */
static char *explain(const char *what, const char *endpoint, char *reason)
{
    char *shown = escape_string(endpoint);
    char *error = mem_printf("%s %s: %s", what, shown, reason);
    free(shown);
    free(reason);
    return error;
}

/* Both are to be finished where it returns true. */
static bool parse(const struct settings *settings, const char *text, enum profile_use use,
                  struct endpoint *endpoint, struct profile *profile, char **error)
{
    char *reason = NULL;
    *endpoint = (struct endpoint){0};
    if (!endpoint_parse(text, endpoint, &reason) ||
        !profile_init(profile, endpoint, use, &reason)) {
        endpoint_finish(endpoint);
        *error = explain("endpoint", text, reason);
        return false;
    }
    profile_default(profile, endpoint, use, settings->reply, settings->eol,
                    settings->limits.half_close);
    return true;
}

struct listener *endpoints_listener(const struct settings *settings, const char *text,
                                    char **error)
{
    struct endpoint endpoint;
    struct profile profile;
    if (!parse(settings, text, PROFILE_LISTEN, &endpoint, &profile, error))
        return NULL;
    return listener_create(&endpoint, &profile);
}

struct origin *endpoints_origin(const struct settings *settings, const char *text, char **error)
{
    struct endpoint endpoint;
    struct profile profile;
    if (!parse(settings, text, PROFILE_CALL, &endpoint, &profile, error))
        return NULL;
    return origin_create(&endpoint, &profile);
}

char *endpoints_unbound(const struct listener *listener, char *reason)
{
    return explain("cannot listen on", listener->origin.text, reason);
}

bool endpoints_bind(struct switchboard *board, struct listener *listener,
                    const struct resolved *host, char **error)
{
    char *reason = NULL;
    const struct transport *transport = transport_of(listener->origin.endpoint.scheme);
    if (transport->listen(board, listener, host, &reason))
        return true;
    *error = endpoints_unbound(listener, reason);
    return false;
}

bool endpoints_adopt(struct switchboard *board, struct listener *listener, evutil_socket_t fd,
                     char **error)
{
    char *reason = NULL;
    const struct transport *transport = transport_of(listener->origin.endpoint.scheme);
    if (transport->adopt(board, listener, fd, &reason))
        return true;
    *error = endpoints_unbound(listener, reason);
    return false;
}

struct peer *endpoints_call(struct switchboard *board, struct origin *origin, char **error)
{
    char *reason = NULL;
    const struct transport *transport = transport_of(origin->endpoint.scheme);
    struct peer *peer = transport->call(board, origin, &reason);
    if (!peer)
        *error = explain("cannot connect to", origin->text, reason);
    return peer;
}
