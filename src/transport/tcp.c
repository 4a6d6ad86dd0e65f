/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/tcp.h"

#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/address.h"
#include "base/cast.h"
#include "core/access.h"
#include "core/hub.h"
#include "loop/bind.h"
#include "loop/dial.h"
#include "transport/greeting.h"
#include "transport/lifelines.h"
#include "transport/line.h"
#include "transport/line_listener.h"
#include "transport/patching.h"
#include "transport/tcp_options.h"
#include "transport/tcp_via.h"
#include "transport/transport.h"

void tcp_describe(const struct link *link, struct link_description *description)
{
    const struct line *line = CAST(line, link);
    union address local;
    socklen_t length = sizeof local;
    /* A call that is not answered yet, or goes through a proxy. */
    if (line->stream.fd < 0 || line->remote.any.sa_family == AF_UNSPEC)
        snprintf(description->remote, sizeof description->remote, "%s",
                 origin_place(line->link.peer->origin));
    else
        address_print(&line->remote, description->remote);
    if (line->stream.fd >= 0 && getsockname(line->stream.fd, &local.any, &length) == 0)
        address_print(&local, description->local);
}

/*
 * Where bytes are on their way the kernel asks ever less often, down to every two minutes.
 * Linux before 6.15 cannot be told otherwise: there a reader that stalls and then goes away is
 * found later.
 */
static void set_longest_wait(int fd, int64_t keepalive)
{
#ifndef TCP_RTO_MAX_MS
    enum { TCP_RTO_MAX_MS = 44 };
#endif
    enum { LEAST = 1000, MOST = 120000 /* milliseconds, of the kernel */ };
    int64_t quarter = keepalive / 4000;
    int wait = quarter < LEAST ? LEAST : quarter < MOST ? (int)quarter : MOST;
    if (keepalive == 0)
        wait = MOST;
    setsockopt(fd, IPPROTO_TCP, TCP_RTO_MAX_MS, &wait, sizeof wait);
}

/* Dead peers that nothing is sent to are found within about the given time: tcp(7),
 * tcp_keepalive_*. For the others see lifelines. */
static void set_keepalive(int fd, int64_t microseconds)
{
    enum { PROBES = 4, KERNEL_MAX = 32767 /* seconds, of each of the two */ };
    int on = microseconds > 0, probes = PROBES;
    int64_t whole = microseconds / 1000000;
    int seconds = whole < KERNEL_MAX ? (int)whole : KERNEL_MAX;
    int interval = seconds / (2 * PROBES) > 0 ? seconds / (2 * PROBES) : 1;
    int idle = seconds - PROBES * interval > 0 ? seconds - PROBES * interval : 1;
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    if (!on)
        return;
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
}

void tcp_prepare(struct switchboard *board, int fd)
{
    int on = 1;
    /* What an operator types is small and should not wait for an acknowledgement. */
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    set_keepalive(fd, board->settings.keepalive);
    set_longest_wait(fd, board->settings.keepalive);
}

static const struct line_kind *kind_of(const struct origin *origin)
{
    return transport_of(origin->endpoint.scheme)->lines;
}

/* --- listening --- */

static void take(struct switchboard *board, struct listener *listener, int fd,
                 const union address *remote)
{
    union address address = *remote;
    const struct tcp_options *options = tcp_options_of(&listener->origin);
    const struct line_kind *kind = kind_of(&listener->origin);
    address_unmap(&address);
    if (options->proxied && !access_allows(&options->proxies, &address)) {
        close(fd);
        line_refuse(board, &listener->origin, &address, REFUSED_PROXY, NULL);
    } else if (options->proxied || kind->add_lanes) {
        greeting_begin(board, kind, &listener->origin, fd, &address, options->proxied);
    } else {
        line_accept(board, kind, &listener->origin, fd, &address);
    }
}

static const struct line_listener_ops listener_ops = {.prepare = tcp_prepare, .take = take};

/* What has been loaded was, with the settings that will count. */
static bool load(struct switchboard *board, struct origin *origin, char **error)
{
    return origin->loaded || transport_load(origin, &board->settings, NULL, error);
}

bool tcp_listen(struct switchboard *board, struct listener *listener,
                const struct resolved *host, char **error)
{
    struct bound bound;
    if (!load(board, &listener->origin, error) ||
        !bind_endpoint(&listener->origin.endpoint, host, SOCK_STREAM, &bound, error))
        return false;
    origin_set_port(&listener->origin, bound.port);
    return line_listener_create(board, listener, bound.fds, bound.count, &listener_ops, NULL,
                                error);
}

bool tcp_adopt(struct switchboard *board, struct listener *listener, int fd, char **error)
{
    if (!load(board, &listener->origin, error)) {
        close(fd);
        return false;
    }
    return line_listener_create(board, listener, &fd, 1, &listener_ops, NULL, error);
}

/* --- calling --- */

static void connected(void *context, int fd, const union address *remote)
{
    struct line *line = CAST(line, context);
    union address address = *remote;
    address_unmap(&address);
    line_connected(line, fd, &address);
    if (line->link.peer->state == PEER_CONNECTING)
        patching_look_at_far(line_board(line), line->link.peer);
}

struct peer *tcp_call(struct switchboard *board, struct origin *origin, char **error)
{
    static const struct dial_callbacks callbacks = {.connected = connected,
                                                    .failed = line_call_failed};
    /* They may have changed; those of a far end are read with its listener's. */
    const bool known = origin->near && origin->loaded;
    if (!known && !transport_load(origin, &board->settings, NULL, error))
        return NULL;
    if (tcp_options_of(origin)->via)
        return tcp_via_call(board, kind_of(origin), origin, error);
    struct line *line = line_call(board, kind_of(origin), origin);
    line_add_lanes(line, origin);
    line->dial = dial_create(board->loop, origin->endpoint.host, origin->endpoint.port,
                             &board->settings.dial, &callbacks, line);
    return line->link.peer;
}

static const struct line_kind kind = {TCP_LINES};
const struct transport transport_tcp = {
    .keys = &tcp_options_keys, .lines = &kind, TCP_TRANSPORT};
