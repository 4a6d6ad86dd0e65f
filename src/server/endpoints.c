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

struct listener *endpoints_parse(const struct settings *settings, const char *text,
                                 enum profile_use use, char **error)
{
    struct endpoint endpoint = {0};
    struct profile profile = {0};
    char *reason = NULL;
    if (!endpoint_parse(text, &endpoint, &reason) ||
        !profile_init(&profile, &endpoint, use, &reason)) {
        endpoint_finish(&endpoint);
        *error = explain("endpoint", text, reason);
        return NULL;
    }
    profile_default(&profile, &endpoint, use, settings->reply, settings->eol,
                    settings->limits.half_close);
    return listener_create(&endpoint, &profile);
}

char *endpoints_unbound(const struct listener *listener, char *reason)
{
    return explain("cannot listen on", listener->text, reason);
}

bool endpoints_bind(struct switchboard *board, struct listener *listener,
                    const struct resolved *host, char **error)
{
    char *reason = NULL;
    const struct transport *transport = transport_of(listener->endpoint.scheme);
    if (transport->listen(board, listener, host, &reason))
        return true;
    *error = endpoints_unbound(listener, reason);
    return false;
}

bool endpoints_adopt(struct switchboard *board, struct listener *listener, evutil_socket_t fd,
                     char **error)
{
    char *reason = NULL;
    const struct transport *transport = transport_of(listener->endpoint.scheme);
    if (transport->adopt(board, listener, fd, &reason))
        return true;
    *error = endpoints_unbound(listener, reason);
    return false;
}

struct peer *endpoints_call(struct switchboard *board, struct listener *listener, char **error)
{
    char *reason = NULL;
    const struct transport *transport = transport_of(listener->endpoint.scheme);
    struct peer *peer = transport->call(board, listener, &reason);
    if (!peer)
        *error = explain("cannot connect to", listener->text, reason);
    return peer;
}
