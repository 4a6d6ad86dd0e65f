/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/endpoint.h"
#include "base/mem.h"
#include "telex-bench/wire_parts.h"
#include "telex-bench/wire_tls.h"
#include "telex-bench/wire_ws.h"

/* --- all connections --- */

static bool is_one_of(const struct endpoint *endpoint, const char *one, const char *other)
{
    const char *name = schemes[endpoint->scheme].name;
    return strcmp(name, one) == 0 || strcmp(name, other) == 0;
}

bool wires_init(struct wires *wires, const struct endpoint *endpoint, char **error)
{
    *wires = (struct wires){0};
    if (is_one_of(endpoint, "ws", "wss"))
        wires->ws = wire_ws_request(endpoint);
    if (!is_one_of(endpoint, "tls", "wss"))
        return true;
    wires->tls = wire_tls_context(error);
    return wires->tls;
}

void wires_finish(struct wires *wires)
{
    if (wires->tls)
        wire_tls_context_destroy(wires->tls);
    if (wires->ws)
        wire_ws_request_destroy(wires->ws);
}

/* --- below --- */

ssize_t wire_send_below(struct wire *wire, const void *data, size_t size)
{
    return wire->tls ? wire_tls_send(wire->tls, data, size)
                     : send(wire->fd, data, size, MSG_NOSIGNAL);
}

ssize_t wire_receive_below(struct wire *wire, void *buffer, size_t size)
{
    return wire->tls ? wire_tls_receive(wire->tls, buffer, size)
                     : recv(wire->fd, buffer, size, 0);
}

/* --- one of them --- */

bool wire_create(const struct wires *wires, int fd, struct wire **wire)
{
    struct wire_tls *tls = wires->tls ? wire_tls_create(wires->tls, fd) : NULL;
    *wire = NULL;
    if (wires->tls && !tls)
        return false;
    if (!wires->tls && !wires->ws)
        return true;
    *wire = mem_zalloc(sizeof **wire);
    **wire =
        (struct wire){.fd = fd, .tls = tls, .ws = wires->ws ? wire_ws_create(wires->ws) : NULL};
    return true;
}

void wire_destroy(struct wire *wire)
{
    if (wire->ws) {
        wire_ws_close(wire->ws, wire);
        wire_ws_destroy(wire->ws);
    }
    if (wire->tls)
        wire_tls_destroy(wire->tls);
    free(wire);
}

int wire_greet(struct wire *wire)
{
    const int done = wire->tls ? wire_tls_greet(wire->tls) : 1;
    return done > 0 && wire->ws ? wire_ws_greet(wire->ws, wire) : done;
}

/* As send(2) says it: whether its greeting is over. */
static bool is_greeted(struct wire *wire)
{
    const int done = wire->ws ? wire_greet(wire) : 1; /* TLS does it by itself */
    if (done == 0)
        errno = EAGAIN;
    return done > 0;
}

ssize_t wire_send(struct wire *wire, const void *data, size_t size)
{
    if (!is_greeted(wire))
        return -1;
    return wire->ws ? wire_ws_send(wire->ws, wire, data, size)
                    : wire_send_below(wire, data, size);
}

ssize_t wire_receive(struct wire *wire, void *buffer, size_t size)
{
    if (!is_greeted(wire))
        return -1;
    return wire->ws ? wire_ws_receive(wire->ws, wire, buffer, size)
                    : wire_receive_below(wire, buffer, size);
}

bool wire_has_more(const struct wire *wire)
{
    return wire->tls && wire_tls_has_more(wire->tls);
}

const char *wire_why(const struct wire *wire)
{
    const char *why = wire->ws ? wire_ws_why(wire->ws) : NULL;
    return why || !wire->tls ? why : wire_tls_why(wire->tls);
}
