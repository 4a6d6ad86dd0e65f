/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames of WebSocket: RFC 6455, section 5. Pure functions. */
#ifndef TELEX_WEBSOCKET_WS_FRAME_H
#define TELEX_WEBSOCKET_WS_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ws_opcode {
    WS_CONTINUATION = 0,
    WS_TEXT = 1,
    WS_BINARY = 2,
    WS_CLOSE = 8, /* from here on control frames */
    WS_PING = 9,
    WS_PONG = 10
};

enum {
    WS_FRAME_HEAD_MAX = 14,
    WS_CONTROL_MAX = 125 /* bytes in a control frame */
};

struct ws_frame {
    enum ws_opcode opcode;
    bool final;      /* of its message */
    bool compressed; /* its message is, RFC 7692: RSV1 */
    bool masked;
    uint8_t key[4]; /* that it is masked with */
    uint64_t size;  /* of its payload */
};

/*
 * Reads the head of a frame. Returns the bytes that it takes, 0 where more are needed. In *why
 * is NULL, or what makes it no frame; then the close code is in *code.
 */
size_t ws_frame_read(const char *data, size_t size, struct ws_frame *frame, unsigned *code,
                     const char **why);
/* Writes the head; returns the bytes that it takes. */
size_t ws_frame_write(const struct ws_frame *frame, char head[WS_FRAME_HEAD_MAX]);

static inline bool ws_frame_is_control(const struct ws_frame *frame)
{
    return frame->opcode >= WS_CLOSE;
}

/*
 * Masks size bytes, or unmasks them. The first of them is the byte at that place of the
 * payload. to may be from.
 */
void ws_frame_mask(char *to, const char *from, size_t size, const uint8_t key[4],
                   uint64_t place);

#endif
