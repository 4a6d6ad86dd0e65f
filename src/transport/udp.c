/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/address.h"
#include "base/cast.h"
#include "base/fail.h"
#include "base/mem.h"
#include "core/hub_line.h"
#include "loop/bind.h"
#include "loop/resolve.h"
#include "transport/transport.h"
#include "transport/udp_binding.h"
#include "transport/udp_call.h"
#include "transport/udp_group.h"
#include "transport/udp_link.h"
#include "transport/udp_options.h"
#include "transport/udp_socket.h"

/* --- listening --- */

static bool join_all(const struct bound *bound, const char *interface, char **error)
{
    for (size_t i = 0; i < bound->count; i++)
        if (!udp_group_join(bound->fds[i], interface, error))
            return false;
    return true;
}

static bool udp_listen(struct switchboard *board, struct listener *listener,
                       const struct resolved *host, char **error)
{
    struct bound bound;
    if (!udp_group_complete(listener, error))
        return false;
    if (!resolve_is_name(listener->origin.endpoint.host))
        host = NULL; /* it may have its interface only now */
    if (!bind_endpoint(&listener->origin.endpoint, host, SOCK_DGRAM, &bound, error))
        return false;
    if (!join_all(&bound, udp_options_of(&listener->origin)->interface, error)) {
        bind_close(&bound);
        return false;
    }
    origin_set_port(&listener->origin, bound.port);
    udp_binding_create(board, listener, bound.fds, bound.count);
    return true;
}

static bool udp_adopt(struct switchboard *board, struct listener *listener, int fd,
                      char **error)
{
    if (!udp_group_join(fd, udp_options_of(&listener->origin)->interface, error)) {
        close(fd);
        return false;
    }
    udp_binding_create(board, listener, &fd, 1);
    return true;
}

/* --- calling from a listener's port --- */

static bool reaches(const struct udp_socket *socket, const union address *remote)
{
    int v6_only = 0;
    socklen_t length = sizeof v6_only;
    if (socket->family == remote->any.sa_family)
        return true;
    getsockopt(socket->fd, IPPROTO_IPV6, IPV6_V6ONLY, &v6_only, &length);
    return socket->family == AF_INET6 && !v6_only;
}

/* A call that is told who it calls only once the name is resolved. */
struct udp_from {
    struct udp_link udp; /* first: it is a UDP link */
    CAST_MARK;
    struct resolve *resolve;
};

static void destroy_from(struct link *link)
{
    resolve_destroy(CAST(udp_from, link)->resolve);
    udp_link_destroy(link);
}

/* The socket is its listener's: what a call says of it may concern groups alone. */
static const char *prepare(const struct udp_socket *socket, const union address *remote,
                           const struct udp_options *options)
{
    bool asked = options->interface || options->ttl >= 0 || options->loop >= 0;
    if (asked && !address_is_multicast(remote))
        return "with from=, only a group takes interface, ttl and loop";
    int cause = udp_group_prepare(socket->fd, remote, options);
    return cause == 0 ? NULL : strerror(cause);
}

/* The first address that one of the listener's sockets reaches. */
static const char *place(struct udp_link *link, const struct resolved *found)
{
    struct udp_binding *binding = CAST(udp_binding, link->socket->origin->listener->binding);
    for (size_t i = 0; i < found->count; i++) {
        const union address *address = &found->addresses[i];
        struct udp_socket *socket;
        LL_FOREACH2(binding->sockets, socket, sibling) {
            if (!reaches(socket, address))
                continue;
            if (udp_link_find(socket, address))
                return "this listener has that peer on the line already";
            const char *fault =
                prepare(socket, address, udp_options_of(link->link.peer->origin));
            if (!fault)
                udp_link_place(link, socket, address);
            return fault;
        }
    }
    return strerror(EAFNOSUPPORT);
}

static void resolved(void *context, const struct resolved *found, int cause, const char *error)
{
    struct udp_from *call = CAST(udp_from, context);
    struct udp_link *link = &call->udp;
    struct peer *peer = link->link.peer;
    struct hub *hub = link->socket->board->hub;
    call->resolve = NULL;
    if (peer->state == PEER_DEAD)
        return;
    if (found)
        error = place(link, found);
    if (error) {
        hub_detach(hub, peer, cause == ETIMEDOUT ? CLOSE_TIMEOUT : CLOSE_ERROR, error);
    } else {
        hub_open(hub, peer);
        udp_socket_watch(link->socket);
    }
}

static struct peer *call_from(struct switchboard *board, struct listener *from,
                              struct origin *origin)
{
    static const struct link_ops ops = {UDP_LINK_OPS, .destroy = destroy_from};
    struct udp_binding *binding = CAST(udp_binding, from->binding);
    struct udp_from *call = mem_zalloc(sizeof *call);
    CAST_INIT(udp_from, call);
    call->udp.link.ops = &ops;
    udp_link_attach(&call->udp, binding->sockets, origin);
    call->resolve = resolve_create(board->loop, origin->endpoint.host, origin->endpoint.port,
                                   board->settings.dial.timeout, resolved, call);
    return call->udp.link.peer;
}

static struct peer *udp_call(struct switchboard *board, struct origin *origin, char **error)
{
    const char *word = udp_options_of(origin)->from;
    if (!udp_socket_make_room(board)) {
        *error = mem_strdup("as many UDP peers as --max-udp-peers allows are on the line, and "
                            "none of them may go");
        return NULL;
    }
    if (!word)
        return udp_call_create(board, origin);
    struct listener *from = hub_find_listener(board->hub, word);
    if (from && from->origin.endpoint.scheme == SCHEME_UDP)
        return call_from(board, from, origin);
    fail_with(error, "from=%s: no UDP listener of that number or name", word);
    return NULL;
}

const struct transport transport_udp = {
    .keys = &udp_options_keys, .listen = udp_listen, .adopt = udp_adopt, .call = udp_call};
