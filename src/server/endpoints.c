/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/endpoints.h"

#include <stdlib.h>

#include "base/endpoint.h"
#include "base/fail.h"
#include "core/hub.h"
#include "server/settings.h"
#include "transport/transport.h"

/* Both are to be finished where it returns true. */
static bool parse(const struct settings *settings, const char *text, enum profile_use use,
                  struct endpoint *endpoint, struct profile *profile, char **error)
{
    *endpoint = (struct endpoint){0};
    if (!endpoint_parse(text, endpoint, error) ||
        !profile_init(profile, endpoint, use, error)) {
        endpoint_finish(endpoint);
        return fail_about(error, "endpoint", text);
    }
    profile_default(profile, endpoint, use, settings->reply, settings->eol,
                    settings->live.half_close);
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

bool endpoints_bind(struct switchboard *board, struct listener *listener,
                    const struct resolved *host, char **error)
{
    const struct transport *transport = transport_of(listener->origin.endpoint.scheme);
    return transport->listen(board, listener, host, error) ||
           fail_about(error, "cannot listen on", listener->origin.text);
}

bool endpoints_adopt(struct switchboard *board, struct listener *listener, evutil_socket_t fd,
                     char **error)
{
    const struct transport *transport = transport_of(listener->origin.endpoint.scheme);
    return transport->adopt(board, listener, fd, error) ||
           fail_about(error, "cannot listen on", listener->origin.text);
}

struct peer *endpoints_call(struct switchboard *board, struct origin *origin, char **error)
{
    const struct transport *transport = transport_of(origin->endpoint.scheme);
    struct peer *peer = transport->call(board, origin, error);
    if (!peer)
        fail_about(error, "cannot connect to", origin->text);
    return peer;
}
