/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a WebSocket ends: the body of a close frame, RFC 6455 sections 5.5.1 and 7.4. */
#ifndef TELEX_WEBSOCKET_WS_CLOSE_H
#define TELEX_WEBSOCKET_WS_CLOSE_H

#include <stdbool.h>
#include <stddef.h>

enum ws_code {
    WS_CODE_NORMAL = 1000,
    WS_CODE_GOING_AWAY = 1001,
    WS_CODE_PROTOCOL = 1002,
    WS_CODE_NONE = 1005, /* stands in no frame: one without a code */
    WS_CODE_DATA = 1007, /* no UTF-8 in a text, or bad compressed data */
    WS_CODE_TOO_BIG = 1009
};

struct ws_close {
    unsigned code;      /* WS_CODE_NONE: none was given */
    const char *reason; /* valid UTF-8, in the body */
    size_t reason_size;
};

/* Reads a body. NULL, or what is wrong with it; then the close code is in *code. */
const char *ws_close_read(const char *body, size_t size, struct ws_close *close,
                          unsigned *code);
/* What a code means: "going away"; "" where nobody knows. */
const char *ws_close_words(unsigned code);
/* Whether it says that something went wrong: not that all is said, that its sender goes away,
 * or what programs agree on among themselves. */
bool ws_close_is_failure(unsigned code);
/* "1001 (going away): bye", escaped, malloc'ed; NULL where there is nothing to say: an end as
 * it should be, without a reason. */
char *ws_close_text(const struct ws_close *close);

#endif
