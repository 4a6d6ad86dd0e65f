/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/text_partial.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "console/console.h"
#include "core/message.h"

struct text_partial *text_partial_find(const struct console *console, uint64_t peer)
{
    struct text_partial *partial = NULL;
    if (console->partials)
        HASH_FIND(hh, console->partials, &peer, sizeof peer, partial);
    return partial;
}

static void drop(struct console *console, struct text_partial *partial)
{
    HASH_DEL(console->partials, partial);
    free(partial);
}

void text_partial_keep(struct console *console, uint64_t peer, const void *data, size_t size)
{
    struct text_partial *partial = text_partial_find(console, peer);
    if (size == 0) {
        if (partial)
            drop(console, partial);
        return;
    }
    if (!partial) {
        partial = mem_zalloc(sizeof *partial);
        partial->peer = peer;
        HASH_ADD(hh, console->partials, peer, sizeof partial->peer, partial);
    }
    memcpy(partial->data, data, size);
    partial->size = size;
}

void text_partial_forget(struct console *console, uint64_t peer)
{
    struct text_partial *partial, *next;
    if (peer != 0) {
        text_partial_keep(console, peer, NULL, 0);
        return;
    }
    HASH_ITER(hh, console->partials, partial, next) {
        drop(console, partial);
    }
}

unsigned char *text_partial_join(const struct text_partial *partial,
                                 const struct message *message)
{
    unsigned char *joined = mem_alloc(partial->size + message->size);
    memcpy(joined, partial->data, partial->size);
    memcpy(joined + partial->size, message->data, message->size);
    return joined;
}
