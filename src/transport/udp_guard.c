/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_guard.h"

#include <stdint.h>

#include "base/datagram.h"
#include "core/hub.h"
#include "transport/transport.h"
#include "transport/udp_inbox.h"
#include "transport/udp_link.h"
#include "transport/udp_rate.h"
#include "transport/udp_socket.h"

/* Automatic replies a second to a source whose port equals the listener's own: another Telex.
 */
enum { TWIN_RATE = 10 };

/* Ports of services that answer whatever they are sent. */
static bool answers_anything(in_port_t port)
{
    static const in_port_t ports[] = {0,  7,   13,  17,  19,   37,   53,
                                      69, 123, 161, 389, 1900, 5353, 11211};
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++)
        if (ports[i] == port)
            return true;
    return false;
}

/* Whether the source is this machine, as far as the datagram tells. */
static bool is_here(const struct udp_link *link)
{
    const union address *remote = &link->remote;
    if (address_is_loopback(remote))
        return true;
    if (udp_local_family(&link->local) == AF_INET)
        return remote->any.sa_family == AF_INET &&
               remote->v4.sin_addr.s_addr == udp_local_unmap(&link->local).s_addr;
    return remote->any.sa_family == AF_INET6 &&
           IN6_ARE_ADDR_EQUAL(&remote->v6.sin6_addr, &link->local.host);
}

static bool is_own_listener(const struct udp_link *link)
{
    in_port_t port = address_port(&link->remote);
    const struct udp_socket *socket;
    DL_FOREACH(link->socket->board->udp_sockets, socket)
        if (address_port(&socket->bound) == port &&
            (address_is_any(&socket->bound) ? is_here(link)
                                            : address_same_host(&socket->bound, &link->remote)))
            return true;
    return false;
}

static bool within_rate(struct udp_link *link, unsigned rate)
{
    uint32_t second = (uint32_t)(hub_now(link->socket->board->hub) / 1000000);
    if (link->window != second) {
        link->window = second;
        link->window_replies = 0;
    }
    if (link->window_replies < UINT16_MAX)
        link->window_replies++;
    return link->window_replies <= rate;
}

static bool within_source_rate(const struct udp_link *link)
{
    struct switchboard *board = link->socket->board;
    uint64_t limit = board->settings.udp_reply_rate;
    if (limit == 0 || address_is_loopback(&link->remote))
        return true;
    if (!board->rate)
        board->rate = udp_rate_create();
    return udp_rate_allows(board->rate, &link->remote, hub_now(board->hub) / 1000000, limit);
}

static bool count(uint64_t *counter)
{
    ++*counter;
    return false;
}

bool udp_guard_allows(struct udp_link *link, size_t size)
{
    struct stats *stats = &link->socket->board->hub->stats;
    in_port_t port = address_port(&link->remote);
    if (link->to_many || link->broadcast || address_is_broadcast(&link->remote))
        return count(&stats->suppressed_broadcast);
    if (answers_anything(port))
        return count(&stats->suppressed_port);
    if (is_own_listener(link))
        return count(&stats->suppressed_own);
    if (size > DATAGRAM_MAX)
        return count(&stats->suppressed_size);
    if (port == address_port(&link->socket->bound) && !within_rate(link, TWIN_RATE))
        return count(&stats->suppressed_rate);
    if (!within_source_rate(link))
        return count(&stats->suppressed_rate);
    return true;
}
