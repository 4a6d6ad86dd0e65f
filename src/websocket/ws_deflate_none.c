/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Instead of ws_deflate.c where there is no zlib: it is never offered, nor agreed to. */
#include "websocket/ws_deflate.h"

struct ws_deflate *ws_deflate_create(void)
{
    return NULL;
}

void ws_deflate_destroy(struct ws_deflate *self)
{
    (void)self;
}

size_t ws_deflate_pack(struct ws_deflate *self, const char *data, size_t size, char *out)
{
    (void)self, (void)data, (void)size, (void)out;
    return 0;
}

struct ws_unpacker *ws_unpacker_take(struct ws_deflate *self)
{
    (void)self;
    return NULL;
}

void ws_unpacker_give_back(struct ws_deflate *self, struct ws_unpacker *unpacker)
{
    (void)self, (void)unpacker;
}

bool ws_unpacker_run(struct ws_unpacker *unpacker, struct ws_unpacking *part)
{
    (void)unpacker, (void)part;
    return false;
}

bool ws_unpacker_end(struct ws_unpacker *unpacker, struct ws_unpacking *part)
{
    (void)unpacker, (void)part;
    return false;
}
