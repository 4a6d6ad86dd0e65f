/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lane of WebSocket, either end: RFC 6455. Each message is told as one, and what is sent at
 * once becomes one. There is no half-close: a close frame ends what its sender says, and is
 * answered with another.
 */
#ifndef TELEX_WEBSOCKET_LANE_WS_H
#define TELEX_WEBSOCKET_LANE_WS_H

#include <stdbool.h>
#include <stdint.h>

#include "websocket/ws_handshake.h"

struct stream;
struct ws_room;

/* What a message that is sent says it is: of the first two a text, but where it is no UTF-8, as
 * a text has to be (RFC 6455 section 8.1). */
enum ws_type { WS_TYPE_AUTO, WS_TYPE_TEXT, WS_TYPE_BINARY };

struct ws_line {
    struct ws_terms terms;
    enum ws_type type;
    int64_t ping; /* microseconds between two that ask whether the far end is there; 0: none */
};

/* Puts it above the stream's other lanes. calls: we ask; else the far end does. Copies what
 * line holds. */
void lane_ws_add(struct stream *stream, struct ws_room *room, const struct ws_line *line,
                 bool calls);

#endif
