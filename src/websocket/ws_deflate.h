/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compressed messages of WebSocket: permessage-deflate (RFC 7692), with no context kept from
 * one to the next. So one packer does for all lines of a program, and an unpacker is needed
 * only while a message is under way.
 */
#ifndef TELEX_WEBSOCKET_WS_DEFLATE_H
#define TELEX_WEBSOCKET_WS_DEFLATE_H

#include <stdbool.h>
#include <stddef.h>

struct ws_deflate;
struct ws_unpacker;

enum {
    WS_PACK_MAX = 65536,         /* longer messages go as they are */
    WS_UNPACKER_ROOM = 44 << 10, /* bytes of memory that one takes, about */
};

/* NULL: the program was built without (-Ddeflate=disabled), and the others are never called. */
struct ws_deflate *ws_deflate_create(void);
void ws_deflate_destroy(struct ws_deflate *self); /* NULL is fine */

/* A message of at most WS_PACK_MAX bytes, packed, into out, which has room for as many. Returns
 * how many it is then; 0: it would not be shorter. */
size_t ws_deflate_pack(struct ws_deflate *self, const char *data, size_t size, char *out);

/* One for a message that begins, given back at its end. */
struct ws_unpacker *ws_unpacker_take(struct ws_deflate *self);
void ws_unpacker_give_back(struct ws_deflate *self, struct ws_unpacker *unpacker);

/* A part of the message, and where its plaintext goes. */
struct ws_unpacking {
    const char *data;
    size_t size; /* less what was taken, afterwards */
    char *out;
    size_t room; /* 1 or more */
    size_t put;  /* how much of it was used */
};

/* Goes on until all is taken or the room is used up. False: that is not compressed. */
bool ws_unpacker_run(struct ws_unpacker *unpacker, struct ws_unpacking *part);
/* The same with nothing more to come, which a room that was not used up ends; false also where
 * the message breaks off. */
bool ws_unpacker_end(struct ws_unpacker *unpacker, struct ws_unpacking *part);

#endif
