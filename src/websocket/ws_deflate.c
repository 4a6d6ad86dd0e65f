/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "websocket/ws_deflate.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/mem.h"

/* Each message that is flushed ends so, and is sent without: RFC 7692 section 7.2.1. */
static const Bytef tail[4] = {0, 0, 0xff, 0xff};

enum {
    WINDOW = -15, /* bits of it; negative: no header */
    MEMORY = 8    /* zlib's default */
};

struct ws_unpacker {
    z_stream zlib;
    size_t ended; /* bytes of the tail that are taken */
};

struct ws_deflate {
    z_stream zlib;
    struct ws_unpacker *spare; /* for the next message; NULL: none */
};

static voidpf allocate(voidpf context, uInt items, uInt size)
{
    (void)context;
    return mem_zalloc((size_t)items * size);
}

static void release(voidpf context, voidpf memory)
{
    (void)context;
    free(memory);
}

static z_stream fresh(void)
{
    return (z_stream){.zalloc = allocate, .zfree = release};
}

/* --- packing --- */

struct ws_deflate *ws_deflate_create(void)
{
    struct ws_deflate *self = mem_zalloc(sizeof *self);
    self->zlib = fresh();
    /* Fast rather than small: nobody else is served meanwhile. */
    if (deflateInit2(&self->zlib, Z_BEST_SPEED, Z_DEFLATED, WINDOW, MEMORY,
                     Z_DEFAULT_STRATEGY) == Z_OK)
        return self;
    free(self); /* another zlib than it was built for */
    return NULL;
}

size_t ws_deflate_pack(struct ws_deflate *self, const char *data, size_t size, char *out)
{
    z_stream *zlib = &self->zlib;
    Bytef end[sizeof tail];
    deflateReset(zlib);
    zlib->next_in = (Bytef *)data;
    zlib->avail_in = (uInt)size;
    zlib->next_out = (Bytef *)out;
    zlib->avail_out = (uInt)size;
    deflate(zlib, Z_SYNC_FLUSH);
    size_t packed = size - zlib->avail_out;
    if (zlib->avail_out == 0) { /* the tail may stand beyond */
        zlib->next_out = end;
        zlib->avail_out = sizeof end;
        if (deflate(zlib, Z_SYNC_FLUSH) != Z_OK || zlib->avail_out == 0 || zlib->avail_in > 0)
            return 0;
        packed += sizeof end - zlib->avail_out;
    }
    return packed - sizeof tail < size ? packed - sizeof tail : 0;
}

/* --- unpacking --- */

static void destroy(struct ws_unpacker *unpacker)
{
    if (unpacker)
        inflateEnd(&unpacker->zlib);
    free(unpacker);
}

void ws_deflate_destroy(struct ws_deflate *self)
{
    if (!self)
        return;
    destroy(self->spare);
    deflateEnd(&self->zlib);
    free(self);
}

struct ws_unpacker *ws_unpacker_take(struct ws_deflate *self)
{
    struct ws_unpacker *unpacker = self->spare;
    self->spare = NULL;
    if (unpacker) {
        inflateReset(&unpacker->zlib);
        unpacker->ended = 0;
        return unpacker;
    }
    unpacker = mem_zalloc(sizeof *unpacker);
    unpacker->zlib = fresh();
    if (inflateInit2(&unpacker->zlib, WINDOW) != Z_OK)
        mem_exhausted();
    return unpacker;
}

void ws_unpacker_give_back(struct ws_deflate *self, struct ws_unpacker *unpacker)
{
    if (self->spare)
        destroy(unpacker);
    else
        self->spare = unpacker;
}

bool ws_unpacker_run(struct ws_unpacker *unpacker, struct ws_unpacking *part)
{
    z_stream *zlib = &unpacker->zlib;
    int result = Z_OK;
    zlib->next_in = (Bytef *)part->data;
    zlib->avail_in = (uInt)part->size;
    zlib->next_out = (Bytef *)part->out;
    zlib->avail_out = (uInt)part->room;
    while (result == Z_OK && zlib->avail_out > 0) {
        result = inflate(zlib, Z_SYNC_FLUSH);
        if (result == Z_STREAM_END) /* a last block: others may follow, section 7.2.3.4 */
            result = inflateReset(zlib);
        if (zlib->avail_in == 0 && zlib->avail_out > 0)
            break;
    }
    part->data += part->size - zlib->avail_in;
    part->size = zlib->avail_in;
    part->put = part->room - zlib->avail_out;
    return result == Z_OK || (result == Z_BUF_ERROR && zlib->avail_in == 0);
}

/* zlib says where it stands: zlib.h, inflate. */
static bool is_between_blocks(const z_stream *zlib)
{
    enum { BETWEEN = 128 };
    return zlib->data_type & BETWEEN;
}

bool ws_unpacker_end(struct ws_unpacker *unpacker, struct ws_unpacking *part)
{
    part->put = 0;
    if (unpacker->zlib.total_in == 0) /* nothing, which others send so for an empty message */
        return true;
    part->data = (const char *)tail + unpacker->ended;
    part->size = sizeof tail - unpacker->ended;
    const bool good = ws_unpacker_run(unpacker, part);
    unpacker->ended = sizeof tail - part->size;
    return good && (part->put == part->room || is_between_blocks(&unpacker->zlib));
}
