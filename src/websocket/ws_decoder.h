/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What frames of WebSocket say: bytes in, messages out, and what the far end says of the line
 * (RFC 6455 section 5.4 on). No more than a message's piece is kept, however long it is and
 * however much smaller it came.
 */
#ifndef TELEX_WEBSOCKET_WS_DECODER_H
#define TELEX_WEBSOCKET_WS_DECODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "websocket/ws_frame.h"
#include "websocket/ws_text.h"

struct pending;
struct ws_room;
struct ws_unpacker;

enum ws_event {
    WS_NOTHING, /* more bytes are needed */
    WS_MESSAGE,
    WS_PINGED,
    WS_PONGED,
    WS_CLOSED,
    WS_WRONG /* the far end breaks the rules: the last thing that is told */
};

struct ws_piece {
    enum ws_event event;
    const char *data; /* of a message, or a control frame; until the next call */
    size_t size;
    bool partial;    /* of a message: more of it comes */
    unsigned code;   /* WS_WRONG: to close with */
    const char *why; /* WS_WRONG: "a reserved bit is set" */
};

struct ws_decoder {
    struct ws_room *room;
    bool masked;  /* what comes has to be: the far end has called */
    bool deflate; /* messages may be compressed */
    bool deaf;    /* messages are passed over, whatever stands in them */
    unsigned char step;
    unsigned char message; /* under way: its opcode; 0: none is */
    bool compressed;       /* that one */
    struct ws_text text;
    struct ws_frame frame;
    uint64_t done;        /* bytes of its payload */
    size_t told;          /* bytes of kept, which go with the next call */
    struct pending *kept; /* of the message, not told so far */
    struct ws_unpacker *unpacker;
};

void ws_decoder_init(struct ws_decoder *decoder, struct ws_room *room, bool masked,
                     bool deflate);
void ws_decoder_finish(struct ws_decoder *decoder);
/* Tells the next thing that the bytes say; returns how many of them it took. There may be more
 * in them, or kept, until it is WS_NOTHING. */
size_t ws_decode(struct ws_decoder *decoder, const char *data, size_t size,
                 struct ws_piece *piece);
/* What is here of a message of which no more will come, marked partial; false: nothing. Behind
 * the last ws_decode. */
bool ws_decoder_rest(struct ws_decoder *decoder, struct ws_piece *piece);
/* Bytes of memory that it keeps. */
size_t ws_decoder_held(const struct ws_decoder *decoder);

#endif
