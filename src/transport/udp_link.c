/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_link.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/cast.h"
#include "base/datagram.h"
#include "base/mem.h"
#include "core/hub_line.h"
#include "transport/transport.h"
#include "transport/udp_batch.h"
#include "transport/udp_group.h"
#include "transport/udp_guard.h"
#include "transport/udp_inbox.h"
#include "transport/udp_socket.h"

static struct udp_link *of(const struct link *link)
{
    return CAST(udp_link, link);
}

/* The kernel has told that it is a broadcast address; it may be, where somebody called it. */
static int send_broadcast(struct udp_link *self, const void *data, size_t size)
{
    self->broadcast = true;
    udp_group_permit(self->socket->fd, true);
    int cause = udp_batch_send(self, data, size);
    udp_group_permit(self->socket->fd, false);
    return cause;
}

/* Behind what was collected, so that the order stays. */
static int send_at_once(struct udp_link *self, const void *data, size_t size)
{
    if (self->socket->batching)
        udp_batch_flush(self->socket->board->batch);
    return udp_batch_send(self, data, size);
}

int udp_link_send(struct link *link, const void *data, size_t size)
{
    struct udp_link *self = of(link);
    struct udp_socket *socket = self->socket;
    int cause = 0;
    if (size > DATAGRAM_MAX)
        return EMSGSIZE;
    if (!socket->ready)
        return EBADF;
    const bool answer = socket->answered == self;
    socket->answered = NULL;
    if (socket->batching && answer)
        udp_batch_add(socket->board->batch, self, data, size);
    else
        cause = send_at_once(self, data, size);
    if (cause == EACCES && !link->peer->origin->listener)
        cause = send_broadcast(self, data, size);
    if (cause == EAGAIN || cause == ENOBUFS)
        socket->board->hub->stats.dropped_send++;
    udp_socket_touch(self);
    return cause;
}

void udp_link_dropped(struct udp_link *link, size_t size)
{
    struct hub *hub = link->socket->board->hub;
    link->link.peer->accepted -= size;
    hub->stats.bytes_out -= size;
    hub->stats.messages_out--;
    hub->stats.replies--; /* only replies are sent in batches */
    hub->stats.dropped_send++;
}

bool udp_link_may_reply(struct link *link, size_t size)
{
    struct udp_link *self = of(link);
    const bool allowed = udp_guard_allows(self, size);
    self->socket->answered = allowed ? self : NULL;
    return allowed;
}

void udp_link_destroy(struct link *link)
{
    struct udp_link *self = of(link);
    struct udp_socket *socket = self->socket;
    udp_link_unplace(self);
    DL_DELETE(socket->idle, self);
    socket->board->hub->limits.datagrams--;
    udp_socket_release(socket);
    free(self);
}

static void print_local(const struct udp_link *self, char *text)
{
    union address local;
    socklen_t length = sizeof local;
    if (getsockname(self->socket->fd, &local.any, &length) < 0)
        return;
    in_port_t port = address_port(&local);
    if (udp_local_family(&self->local) != AF_UNSPEC)
        local.v6 = (struct sockaddr_in6){.sin6_family = AF_INET6,
                                         .sin6_addr = self->local.host,
                                         .sin6_scope_id = self->local.interface};
    address_set_port(&local, port);
    address_print(&local, text);
}

void udp_link_describe(const struct link *link, struct link_description *description)
{
    const struct udp_link *self = of(link);
    if (self->remote.any.sa_family == AF_UNSPEC)
        snprintf(description->remote, sizeof description->remote, "%s",
                 origin_place(link->peer->origin));
    else
        address_print(&self->remote, description->remote);
    print_local(self, description->local);
}

union address udp_link_remote(const struct link *link)
{
    return of(link)->remote;
}

struct udp_link *udp_link_find(const struct udp_socket *socket, const union address *remote)
{
    return udp_table_find(&socket->peers, remote);
}

struct udp_link *udp_link_evictable(const struct udp_socket *socket)
{
    struct udp_link *link;
    DL_FOREACH(socket->idle, link) {
        const struct peer *peer = link->link.peer;
        if (peer->state == PEER_OPEN && !peer->name && peer->pins == 0)
            return link;
    }
    return NULL;
}

void udp_link_attach(struct udp_link *link, struct udp_socket *socket, struct origin *origin)
{
    CAST_INIT(udp_link, link);
    link->socket = socket;
    socket->references++;
    DL_APPEND(socket->idle, link);
    socket->board->hub->limits.datagrams++;
    hub_attach(socket->board->hub, &link->link, origin);
}

struct udp_link *udp_link_create(struct udp_socket *socket, struct origin *origin)
{
    static const struct link_ops ops = {UDP_LINK_OPS, .destroy = udp_link_destroy};
    struct udp_link *link = mem_zalloc(sizeof *link);
    link->link.ops = &ops;
    udp_link_attach(link, socket, origin);
    return link;
}

void udp_link_place(struct udp_link *link, struct udp_socket *socket,
                    const union address *remote)
{
    if (socket != link->socket) {
        DL_DELETE(link->socket->idle, link);
        udp_socket_release(link->socket);
        link->socket = socket;
        socket->references++;
        DL_APPEND(socket->idle, link);
    }
    link->remote = *remote;
    link->placed = true;
    udp_table_add(&socket->peers, link);
}

void udp_link_unplace(struct udp_link *link)
{
    if (link->placed)
        udp_table_remove(&link->socket->peers, link);
    link->placed = false;
}
