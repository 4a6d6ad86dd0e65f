/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/ws_key.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/base64.h"
#include "base/sha1.h"

#define ALPHABET "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

static void put(const void *data, size_t size, char *out, size_t room)
{
    UT_string text;
    utstring_init(&text);
    base64_encode(&text, data, size);
    snprintf(out, room, "%s", utstring_body(&text));
    utstring_done(&text);
}

void ws_key_make(char key[WS_KEY_SIZE])
{
    unsigned char bytes[16] = {0};
    /* No secret: it is not waited for where the machine has no entropy yet. */
    if (getrandom(bytes, sizeof bytes, GRND_NONBLOCK) < 0)
        memset(bytes, 0, sizeof bytes);
    put(bytes, sizeof bytes, key, WS_KEY_SIZE);
}

bool ws_key_is_valid(const char *key)
{
    enum { DIGITS = 22 };
    return strspn(key, ALPHABET) == DIGITS && strcmp(key + DIGITS, "==") == 0;
}

void ws_key_accept(const char *key, char accept[WS_ACCEPT_SIZE])
{
    char text[WS_KEY_SIZE + 36];
    uint8_t digest[SHA1_SIZE];
    const int size = snprintf(text, sizeof text, "%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
    sha1(text, (size_t)size, digest);
    put(digest, sizeof digest, accept, WS_ACCEPT_SIZE);
}
