/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "websocket/ws_room.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "websocket/ws_deflate.h"

struct ws_room *ws_room_create(void)
{
    struct ws_room *room = mem_zalloc(sizeof *room);
    room->plain = mem_alloc(WS_PIECE_MAX + 1);
    room->unmasked = mem_alloc(WS_PIECE_MAX + 1);
    room->frame = mem_alloc(WS_ROOM_FRAME);
    room->packed = mem_alloc(WS_PACK_MAX);
    room->deflate = ws_deflate_create();
    room->keys_used = sizeof room->keys;
    return room;
}

void ws_room_key(struct ws_room *room, uint8_t key[4])
{
    const size_t size = sizeof room->keys;
    if (room->keys_used == size) {
        room->keys_used = 0;
        if (getentropy(room->keys, size) < 0)
            abort(); /* no kernel that the program runs on is without */
    }
    memcpy(key, room->keys + room->keys_used, 4);
    room->keys_used += 4;
}

void ws_room_destroy(struct ws_room *room)
{
    if (!room)
        return;
    ws_deflate_destroy(room->deflate);
    free(room->plain);
    free(room->unmasked);
    free(room->frame);
    free(room->packed);
    free(room);
}
