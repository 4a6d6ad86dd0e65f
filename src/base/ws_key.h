/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a server shows that it speaks WebSocket: RFC 6455 section 4.2.2, 5.4. */
#ifndef TELEX_BASE_WS_KEY_H
#define TELEX_BASE_WS_KEY_H

#include <stdbool.h>

enum {
    WS_KEY_SIZE = 25,   /* 16 bytes as base64, and a NUL */
    WS_ACCEPT_SIZE = 29 /* 20 bytes */
};

/* Another one each time. */
void ws_key_make(char key[WS_KEY_SIZE]);
bool ws_key_is_valid(const char *key);
/* What the server answers to the key. */
void ws_key_accept(const char *key, char accept[WS_ACCEPT_SIZE]);

#endif
