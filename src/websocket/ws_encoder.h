/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages of WebSocket, on their way out: each becomes one frame. */
#ifndef TELEX_WEBSOCKET_WS_ENCODER_H
#define TELEX_WEBSOCKET_WS_ENCODER_H

#include <stdbool.h>
#include <stddef.h>

#include "websocket/ws_frame.h"

struct ws_room;

struct ws_encoder {
    struct ws_room *room;
    bool masks;   /* we have called */
    bool deflate; /* messages may be compressed */
    /* Takes the bytes of the frame, in order, in one piece unless it is long. */
    void (*put)(void *context, const char *data, size_t size);
    void *context;
};

void ws_encode(const struct ws_encoder *encoder, enum ws_opcode opcode, const char *data,
               size_t size);

#endif
