/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/wire.h"

#include <stdlib.h>

#include "base/endpoint.h"
#include "base/mem.h"
#include "telex-bench/wire_tls.h"

/* --- all connections --- */

bool wires_init(struct wires *wires, const struct endpoint *endpoint, char **error)
{
    *wires = (struct wires){0};
    if (endpoint->scheme != SCHEME_TLS)
        return true;
    wires->tls = wire_tls_context(error);
    return wires->tls;
}

void wires_finish(struct wires *wires)
{
    if (wires->tls)
        wire_tls_context_destroy(wires->tls);
}

/* --- one of them --- */

bool wire_create(const struct wires *wires, int fd, struct wire **wire)
{
    *wire = NULL;
    if (!wires->tls)
        return true;
    struct wire_tls *tls = wire_tls_create(wires->tls, fd);
    if (!tls)
        return false;
    *wire = mem_zalloc(sizeof **wire);
    **wire = (struct wire){.tls = tls};
    return true;
}

void wire_destroy(struct wire *wire)
{
    wire_tls_destroy(wire->tls);
    free(wire);
}

int wire_greet(struct wire *wire)
{
    return wire_tls_greet(wire->tls);
}

ssize_t wire_send(struct wire *wire, const void *data, size_t size)
{
    return wire_tls_send(wire->tls, data, size);
}

ssize_t wire_receive(struct wire *wire, void *buffer, size_t size)
{
    return wire_tls_receive(wire->tls, buffer, size);
}

bool wire_has_more(const struct wire *wire)
{
    return wire_tls_has_more(wire->tls);
}

const char *wire_why(const struct wire *wire)
{
    return wire_tls_why(wire->tls);
}
