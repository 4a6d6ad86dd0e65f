/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_link.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "core/hub.h"
#include "transport/resolve.h"
#include "transport/transport.h"
#include "transport/udp_guard.h"
#include "transport/udp_socket.h"

static struct udp_link *of(const struct link *link)
{
    return (struct udp_link *)link;
}

/*
 * What tells one remote address from another, in one comparable piece. The struct of the socket
 * calls will not do: it has padding and, for IPv6, a flow label.
 */
static union address key_of(const union address *remote)
{
    union address key;
    memset(&key, 0, sizeof key);
    key.any.sa_family = remote->any.sa_family;
    address_set_port(&key, address_port(remote));
    if (remote->any.sa_family == AF_INET) {
        key.v4.sin_addr = remote->v4.sin_addr;
    } else {
        key.v6.sin6_addr = remote->v6.sin6_addr;
        key.v6.sin6_scope_id = remote->v6.sin6_scope_id;
    }
    return key;
}

static int udp_link_send(struct link *link, const void *data, size_t size)
{
    struct udp_link *self = of(link);
    struct udp_socket *socket = self->socket;
    int cause = 0;
    if (size > UDP_DATAGRAM_MAX)
        return EMSGSIZE;
    if (!socket->ready)
        return EBADF;
    if (socket->batching)
        udp_batch_add(socket->board->batch, self, socket->fd, socket->family, &self->remote,
                      &self->local, data, size);
    else
        cause =
            udp_batch_send(socket->fd, socket->family, &self->remote, &self->local, data, size);
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

static bool udp_link_may_reply(struct link *link, size_t size)
{
    return udp_guard_allows(of(link), size);
}

/* Nothing of a datagram is ever outstanding. */
static void udp_link_finish(struct link *link, int64_t deadline)
{
    (void)deadline;
    struct hub *hub = of(link)->socket->board->hub;
    hub_detach(hub, link->peer, link->peer->reason, NULL);
}

static void udp_link_destroy(struct link *link)
{
    struct udp_link *self = of(link);
    struct udp_socket *socket = self->socket;
    udp_link_unplace(self);
    DL_DELETE(socket->idle, self);
    resolve_destroy(self->resolve);
    socket->board->hub->limits.datagrams--;
    udp_socket_release(socket);
    free(self);
}

/* Datagrams are read for all peers at once; a flood is dropped by the kernel, and counted. */
static void udp_link_pause(struct link *link, unsigned reasons)
{
    (void)link;
    (void)reasons;
}

static size_t udp_link_queued(const struct link *link)
{
    (void)link;
    return 0;
}

static void print_local(const struct udp_link *self, char *text)
{
    union address local;
    socklen_t length = sizeof local;
    if (getsockname(self->socket->fd, &local.any, &length) < 0)
        return;
    in_port_t port = address_port(&local);
    if (self->local.family == AF_INET)
        local.v4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = self->local.v4};
    else if (self->local.family == AF_INET6)
        local.v6 = (struct sockaddr_in6){.sin6_family = AF_INET6,
                                         .sin6_addr = self->local.v6,
                                         .sin6_scope_id = self->local.interface};
    address_set_port(&local, port);
    address_print(&local, text);
}

static void udp_link_describe(const struct link *link, struct link_description *description)
{
    const struct udp_link *self = of(link);
    if (self->remote.any.sa_family == AF_UNSPEC)
        snprintf(description->remote, sizeof description->remote, "%s",
                 link->peer->listener->text + strlen("udp://"));
    else
        address_print(&self->remote, description->remote);
    print_local(self, description->local);
}

static const struct link_ops ops = {
    .transport = "udp",
    .datagram = true,
    .send = udp_link_send,
    .may_reply = udp_link_may_reply,
    .finish = udp_link_finish,
    .destroy = udp_link_destroy,
    .pause = udp_link_pause,
    .queued = udp_link_queued,
    .describe = udp_link_describe,
};

struct udp_link *udp_link_find(const struct udp_socket *socket, const union address *remote)
{
    union address key = key_of(remote);
    struct udp_link *link;
    HASH_FIND(hh, socket->peers, &key, sizeof key, link);
    return link;
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

struct udp_link *udp_link_create(struct udp_socket *socket, struct listener *listener)
{
    struct udp_link *link = mem_zalloc(sizeof *link);
    link->link.ops = &ops;
    link->socket = socket;
    socket->references++;
    DL_APPEND(socket->idle, link);
    socket->board->hub->limits.datagrams++;
    hub_attach(socket->board->hub, &link->link, listener);
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
    link->remote = key_of(remote);
    link->placed = true;
    HASH_ADD(hh, socket->peers, remote, sizeof link->remote, link);
}

void udp_link_unplace(struct udp_link *link)
{
    if (link->placed)
        HASH_DEL(link->socket->peers, link);
    link->placed = false;
}
