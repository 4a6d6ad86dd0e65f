/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/dtls_port.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/ut.h"
#include "core/origin.h"
#include "tls/dtls_record.h"
#include "transport/dtls_link.h"
#include "transport/tls_options.h"
#include "transport/udp_inbox.h"
#include "transport/udp_socket.h"

struct dtls_port {
    struct udp_layer layer; /* first */
    CAST_MARK;
    struct udp_socket *socket;
    struct dtls_link *fresh; /* for the next hello with a good cookie; NULL: none yet */
    struct dtls_greetings greetings;
};

/* --- strangers --- */

/* A reload has made another context, perhaps. */
static struct dtls_link *fresh_of(struct dtls_port *port)
{
    struct tls_context *context = tls_options_of(port->socket->origin)->context;
    if (port->fresh && port->fresh->session.context != context) {
        dtls_link_discard(port->fresh);
        port->fresh = NULL;
    }
    if (!port->fresh)
        port->fresh = dtls_link_create(port->socket, context);
    return port->fresh;
}

static void take_hello(struct dtls_port *port, const struct udp_datagram *hello)
{
    if (!hello->to_many && dtls_link_greet(fresh_of(port), &port->greetings, hello))
        port->fresh = NULL;
}

/* --- the layer --- */

/*
 * A hello that is known has come twice. Whatever else comes while both a peer and a greeting
 * are there is read by the one whose keys it is under, and nothing to the other.
 */
static void in(struct udp_layer *layer, const struct udp_datagram *datagram)
{
    struct dtls_port *port = CAST(dtls_port, layer);
    if (!port->socket->ready)
        return;
    struct udp_link *peer = udp_link_find(port->socket, &datagram->remote);
    struct udp_link *greeting = udp_table_find(&port->greetings.found, &datagram->remote);
    const char *random = dtls_record_hello(datagram->data, datagram->size);
    if (random && !dtls_link_is_of(peer, random) && !dtls_link_is_of(greeting, random)) {
        take_hello(port, datagram);
        return;
    }
    if (peer)
        dtls_link_take(CAST(dtls_link, peer), datagram);
    if (greeting)
        dtls_link_take(CAST(dtls_link, greeting), datagram);
}

static void close_layer(struct udp_layer *layer)
{
    struct dtls_port *port = CAST(dtls_port, layer);
    struct udp_link *link, *next;
    DL_FOREACH(port->socket->idle, link)
        dtls_session_end(&CAST(dtls_link, link)->session);
    DL_FOREACH_SAFE(port->greetings.links, link, next)
        dtls_link_discard(CAST(dtls_link, link));
    if (port->fresh)
        dtls_link_discard(port->fresh);
    port->fresh = NULL;
}

static void destroy_layer(struct udp_layer *layer)
{
    struct dtls_port *port = CAST(dtls_port, layer);
    udp_table_finish(&port->greetings.found);
    free(port);
}

void dtls_port_serve(struct udp_socket *socket)
{
    struct dtls_port *port = mem_zalloc(sizeof *port);
    CAST_INIT(dtls_port, port);
    port->layer = (struct udp_layer){.in = in, .close = close_layer, .destroy = destroy_layer};
    port->socket = socket;
    udp_table_init(&port->greetings.found);
    socket->layer = &port->layer;
}
