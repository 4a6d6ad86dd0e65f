/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/endpoints.h"

#include <stdlib.h>

#include "base/endpoint.h"
#include "base/fail.h"
#include "base/mem.h"
#include "core/hub.h"
#include "server/far_end.h"
#include "server/settings.h"
#include "transport/transport.h"

static void fill_in(struct origin *origin, enum key_use use, const struct settings *settings)
{
    profile_default(&origin->profile, &origin->endpoint, use, settings->live.reply,
                    settings->live.eol, settings->live.half_close);
}

bool endpoints_can_listen(enum scheme scheme)
{
    return transport_of(scheme)->listen;
}

static bool check_listens(const struct endpoint *endpoint, char **error)
{
    const struct scheme_traits *scheme = &schemes[endpoint->scheme];
    if (scheme->form == SCHEME_URL && !endpoint->port_given) {
        *error = mem_printf("a port to listen on is missing, as in %s*:8080", scheme->prefix);
        return false;
    }
    if (endpoints_can_listen(endpoint->scheme))
        return true;
    *error = mem_printf("%s can be called only: use --call %s..., or /connect at the console",
                        scheme->name, scheme->prefix);
    return false;
}

struct listener *endpoints_listener(const struct settings *settings, const char *text,
                                    char **error)
{
    struct endpoint endpoint;
    struct listener *listener = NULL;
    const bool parsed = endpoint_parse(text, &endpoint, error);
    if (parsed && check_listens(&endpoint, error))
        listener = listener_create(&endpoint, transport_keys(endpoint.scheme), error);
    if (parsed)
        endpoint_finish(&endpoint);
    if (listener)
        fill_in(&listener->origin, KEY_LISTEN, settings);
    if (listener && far_end_add(listener, settings->live.eol, settings->live.half_close, error))
        return listener;
    listener_release(listener);
    fail_about(error, "endpoint", text);
    return NULL;
}

struct origin *endpoints_origin(const struct settings *settings, const char *text, char **error)
{
    struct endpoint endpoint;
    struct origin *origin = NULL;
    if (endpoint_parse(text, &endpoint, error))
        origin = origin_create(&endpoint, transport_keys(endpoint.scheme), error);
    if (origin)
        fill_in(origin, KEY_CALL, settings);
    else
        fail_about(error, "endpoint", text);
    return origin;
}

static bool load_far(const struct origin *origin, const struct transport_settings *settings,
                     const struct origin *before, char **error)
{
    return !origin->far ||
           transport_load(origin->far, settings, before ? before->far : NULL, error);
}

bool endpoints_load(const struct settings *settings, struct origin *origin,
                    const struct origin *before, char **error)
{
    const struct transport_settings *lines = &settings->live.lines;
    return (transport_load(origin, lines, before, error) &&
            load_far(origin, lines, before, error)) ||
           fail_about(error, "endpoint", origin->text);
}

bool endpoints_bind(struct switchboard *board, struct listener *listener,
                    const struct resolved *host, char **error)
{
    const struct transport *transport = transport_of(listener->origin.endpoint.scheme);
    return (load_far(&listener->origin, &board->settings, NULL, error) &&
            transport->listen(board, listener, host, error)) ||
           fail_about(error, "cannot listen on", listener->origin.text);
}

bool endpoints_adopt(struct switchboard *board, struct listener *listener, int fd, char **error)
{
    const struct transport *transport = transport_of(listener->origin.endpoint.scheme);
    return (load_far(&listener->origin, &board->settings, NULL, error) &&
            transport->adopt(board, listener, fd, error)) ||
           fail_about(error, "cannot listen on", listener->origin.text);
}
