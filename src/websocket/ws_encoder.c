/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "websocket/ws_encoder.h"

#include <string.h>

#include "websocket/ws_deflate.h"
#include "websocket/ws_room.h"

/* What is shorter hardly gets shorter. */
enum { PACK_LEAST = 64 };

static void copy(const struct ws_frame *frame, char *to, const char *from, size_t size,
                 uint64_t place)
{
    if (frame->masked)
        ws_frame_mask(to, from, size, frame->key, place);
    else if (size > 0)
        memcpy(to, from, size);
}

static size_t least(size_t one, size_t other)
{
    return one < other ? one : other;
}

/* The head with as much as there is room for, lest a short message take two calls. */
static void put_frame(const struct ws_encoder *encoder, const struct ws_frame *frame,
                      const char *data)
{
    char *room = encoder->room->frame;
    const size_t size = (size_t)frame->size, head = ws_frame_write(frame, room);
    size_t done = least(size, WS_PIECE_MAX);
    copy(frame, room + head, data, done, 0);
    encoder->put(encoder->context, room, head + done);
    for (size_t next; done < size; done += next) {
        next = least(size - done, WS_PIECE_MAX);
        copy(frame, room, data + done, next, done);
        encoder->put(encoder->context, room, next);
    }
}

void ws_encode(const struct ws_encoder *encoder, enum ws_opcode opcode, const char *data,
               size_t size)
{
    struct ws_room *room = encoder->room;
    struct ws_frame frame = {
        .opcode = opcode, .final = true, .masked = encoder->masks, .size = size};
    const bool packs =
        encoder->deflate && opcode < WS_CLOSE && size >= PACK_LEAST && size <= WS_PACK_MAX;
    const size_t packed = packs ? ws_deflate_pack(room->deflate, data, size, room->packed) : 0;
    if (packed > 0) {
        frame.compressed = true;
        frame.size = packed;
        data = room->packed;
    }
    if (frame.masked)
        ws_room_key(room, frame.key);
    put_frame(encoder, &frame, data);
}
