/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/transport.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "base/cast.h"
#include "base/mem.h"
#include "core/hub.h"
#include "core/origin.h"
#include "framing/framing.h"
#include "loop/poller.h"
#include "tls/tls_room.h"
#include "transport/greeting.h"
#include "transport/lifelines.h"
#include "transport/line_listener.h"
#include "transport/udp_batch.h"
#include "transport/udp_inbox.h"
#include "transport/udp_rate.h"
#include "transport/udp_socket.h"
#include "websocket/ws_room.h"

const struct transport *transport_of(enum scheme scheme)
{
    static const struct transport *const transports[SCHEME_COUNT] = {
#define TRANSPORT_ENTRY(name, NAME, ...) [SCHEME_##NAME] = &transport_##name,
        SCHEMES(TRANSPORT_ENTRY)
#undef TRANSPORT_ENTRY
    };
    return transports[scheme];
}

bool transport_is_there(const struct origin *origin)
{
    const struct transport *transport = transport_of(origin->endpoint.scheme);
    return !transport->is_there || transport->is_there(origin);
}

const struct key_set *transport_keys(enum scheme scheme)
{
    return transport_of(scheme)->keys;
}

bool transport_load(struct origin *origin, const struct transport_settings *settings,
                    const struct origin *before, char **error)
{
    const struct transport *transport = transport_of(origin->endpoint.scheme);
    if (transport->load && !transport->load(origin, settings, before, error))
        return false;
    origin->loaded = true;
    return true;
}

/* What stays free for listeners, calls, files and consoles. */
enum { DESCRIPTORS_RESERVED = 64, DESCRIPTORS_RESERVED_SHARE = 4 };

static uint64_t stream_room(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur == RLIM_INFINITY)
        return UINT64_MAX;
    uint64_t share = limit.rlim_cur / DESCRIPTORS_RESERVED_SHARE;
    return limit.rlim_cur - (share < DESCRIPTORS_RESERVED ? share : DESCRIPTORS_RESERVED);
}

/* Each had descriptors. */
static void programs_gone(void *context)
{
    line_listeners_make_room(CAST(switchboard, context));
}

void switchboard_init(struct switchboard *board, struct loop *loop, struct hub *hub,
                      const struct transport_settings *settings)
{
    *board = (struct switchboard){
        .loop = loop,
        .hub = hub,
        .settings = *settings,
        .stream_room = stream_room(),
    };
    CAST_INIT(switchboard, board);
    children_init(&board->children, loop, programs_gone, board);
    streams_init(&board->streams, loop, &hub->host, &hub->budget);
    hub->on_memory = line_listeners_heed_memory;
    hub->on_memory_context = board;
}

void switchboard_renew(struct switchboard *board, const struct transport_settings *settings)
{
    const struct transport_settings *old = &board->settings;
    bool idle_times = settings->idle_timeout != old->idle_timeout ||
                      settings->udp_idle_timeout != old->udp_idle_timeout;
    struct udp_socket *socket;
    board->settings = *settings;
    DL_FOREACH(board->udp_sockets, socket)
        udp_socket_renew(socket);
    line_listeners_renew(board);
    greetings_count(board);
    for (struct peer *peer = hub_next(board->hub, NULL); peer;
         peer = hub_next(board->hub, peer))
        if (peer->link->ops->renew)
            peer->link->ops->renew(peer->link, idle_times);
    lifelines_begin(board);
}

void switchboard_finish(struct switchboard *board)
{
    lifelines_finish(board);
    greetings_finish(board);
    children_finish(&board->children);
    streams_finish(&board->streams);
    tls_room_destroy(board->tls_room);
    ws_room_destroy(board->websockets);
    udp_batch_destroy(board->batch);
    udp_inbox_destroy(board->inbox);
    udp_rate_destroy(board->rate);
}
