/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all WebSockets of a program share: room for what is looked at now, and the packer. */
#ifndef TELEX_WEBSOCKET_WS_ROOM_H
#define TELEX_WEBSOCKET_WS_ROOM_H

#include <stddef.h>
#include <stdint.h>

struct ws_deflate;

enum {
    WS_PIECE_MAX = 65536,             /* bytes of a message that are told at once */
    WS_ROOM_FRAME = 14 + WS_PIECE_MAX /* bytes of a frame that goes out */
};

struct ws_room {
    char *plain;                /* WS_PIECE_MAX bytes and one, of the message that is told */
    char *unmasked;             /* as many, of one that is compressed */
    char *frame;                /* WS_ROOM_FRAME bytes */
    char *packed;               /* WS_PACK_MAX bytes */
    struct ws_deflate *deflate; /* NULL: the program was built without */
    uint8_t keys[256];          /* random ones, for masks */
    size_t keys_used;
};

struct ws_room *ws_room_create(void);
/* What the next frame is masked with, so that nobody who chooses what we say chooses what
 * stands on the wire: RFC 6455 section 10.3. */
void ws_room_key(struct ws_room *room, uint8_t key[4]);
void ws_room_destroy(struct ws_room *room); /* NULL is fine */

#endif
