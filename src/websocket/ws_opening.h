/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One line's handshake, either end: what it was told to want, and what becomes of what the far
 * end says until that is whole. Nothing is sent here.
 */
#ifndef TELEX_WEBSOCKET_WS_OPENING_H
#define TELEX_WEBSOCKET_WS_OPENING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ut.h"
#include "websocket/ws_handshake.h"

struct ws_opening;
struct ws_room;

/* Copies terms; what room cannot do is not offered. calls: we ask. */
struct ws_opening *ws_opening_create(const struct ws_terms *terms, const struct ws_room *room,
                                     bool calls);
void ws_opening_destroy(struct ws_opening *opening); /* NULL is fine */

/* Appends the request; of a call. */
void ws_opening_ask(struct ws_opening *opening, UT_string *out);

/* Whoever asks for it frees error and answer. */
struct ws_outcome {
    size_t head;      /* bytes that the handshake took; 0: it is not done */
    bool deflate;     /* then: messages may be compressed */
    char *error;      /* why it failed; NULL: it has not */
    UT_string answer; /* to be sent, however that went; empty: nothing is */
};

/* Looks at all that has come so far. */
void ws_opening_take(const struct ws_opening *opening, const char *data, size_t size,
                     struct ws_outcome *outcome);

#endif
