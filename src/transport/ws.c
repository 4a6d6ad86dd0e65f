/* SPDX-License-Identifier: GPL-3.0-or-later */
/* WebSocket on TCP, bare or under TLS. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/origin.h"
#include "transport/greeting.h"
#include "transport/tls.h"
#include "transport/ws_options.h"
#include "websocket/ws_room.h"

/* As it stands in Host: without a zone, which is of this machine alone, and a port that goes
 * without saying (RFC 9110 section 7.2). */
static char *print_host(const struct endpoint *endpoint)
{
    const char *host = endpoint_is_wildcard(endpoint) ? "localhost" : endpoint->host;
    const char *format = strchr(host, ':') ? "[%.*s]" : "%.*s";
    char *text = mem_printf(format, (int)strcspn(host, "%"), host);
    if (endpoint->port == schemes[endpoint->scheme].port)
        return text;
    char *whole = mem_printf("%s:%u", text, (unsigned)endpoint->port);
    free(text);
    return whole;
}

static struct ws_room *room_of(struct switchboard *board)
{
    if (!board->websockets)
        board->websockets = ws_room_create();
    return board->websockets;
}

static void add_lane(struct stream *stream, const struct origin *origin)
{
    struct switchboard *board = line_board(line_of_stream(stream));
    const struct ws_options *options = ws_options_of(origin);
    const bool calls = !origin->listener;
    char *host = calls ? print_host(&origin->endpoint) : NULL;
    const struct ws_line line = {.terms = {.host = host,
                                           .path = origin->endpoint.path,
                                           .protocols = options->protocols,
                                           .origins = options->origins,
                                           .deflate = true},
                                 .type = options->type,
                                 .ping = options->ping};
    lane_ws_add(stream, room_of(board), &line, calls);
    free(host);
}

/* --- plain --- */

static int64_t add_lanes(struct stream *stream, struct origin *origin)
{
    add_lane(stream, origin);
    return GREETING_PATIENCE;
}

static const struct line_kind kind = {TCP_LINES, .add_lanes = add_lanes};
const struct transport transport_ws = {.keys = &ws_options_keys, .lines = &kind, TCP_TRANSPORT};

/* --- under TLS --- */

/* The time for a handshake is for both. */
static int64_t add_tls_lanes(struct stream *stream, struct origin *origin)
{
    const int64_t patience = tls_add_lanes(stream, origin);
    add_lane(stream, origin);
    return patience;
}

static const struct line_kind tls_kind = {TLS_LINES, .add_lanes = add_tls_lanes};
const struct transport transport_wss = {
    .keys = &ws_options_tls_keys, .lines = &tls_kind, .load = ws_options_load, TCP_TRANSPORT};
