/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a text is UTF-8 (RFC 3629) that comes in pieces, cut anywhere. */
#ifndef TELEX_WEBSOCKET_WS_TEXT_H
#define TELEX_WEBSOCKET_WS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed before a text. */
struct ws_text {
    uint8_t begun[3]; /* of a character that a cut has left unfinished */
    uint8_t count;
};

/* False as soon as no more bytes could make it good. */
bool ws_text_add(struct ws_text *text, const char *data, size_t size);
/* Whether it may end here. */
static inline bool ws_text_is_whole(const struct ws_text *text)
{
    return text->count == 0;
}

#endif
