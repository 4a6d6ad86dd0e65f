/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/kept.h"

#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/mem.h"
#include "base/ut.h"
#include "loop/timeout.h"

struct kept_line {
    struct kept_line *prev, *next; /* utlist */
    size_t size;
    char text[];
};

struct kept {
    kept_give *give;
    CAST_MARK;
    void *context;
    struct timeout *soon;
    struct kept_line *lines;
    size_t bytes;
    bool stands; /* the line does */
};

static struct kept_line *take_first(struct kept *kept)
{
    struct kept_line *first = kept->lines;
    DL_DELETE(kept->lines, first);
    kept->bytes -= first->size + 1;
    return first;
}

static void give_cb(void *context)
{
    struct kept *kept = CAST(kept, context);
    while (kept->lines && kept->stands) {
        struct kept_line *first = take_first(kept);
        kept->give(kept->context, first->text, first->size);
        free(first);
    }
}

struct kept *kept_create(struct loop *loop, kept_give *give, void *context)
{
    struct kept *kept = mem_zalloc(sizeof *kept);
    CAST_INIT(kept, kept);
    kept->give = give;
    kept->context = context;
    kept->soon = timeout_create(loop, LOOP_OPERATOR, PART_CONSOLE, give_cb, kept);
    return kept;
}

void kept_destroy(struct kept *kept)
{
    if (!kept)
        return;
    timeout_destroy(kept->soon);
    while (kept->lines)
        free(take_first(kept));
    free(kept);
}

void kept_hold(struct kept *kept)
{
    kept->stands = false;
    timeout_stop(kept->soon);
}

void kept_let_go(struct kept *kept)
{
    kept->stands = true;
    timeout_set(kept->soon, 0);
}

bool kept_waits(const struct kept *kept)
{
    return !kept->stands || kept->lines;
}

bool kept_add(struct kept *kept, const char *text, size_t size)
{
    if (size >= KEPT_MAX - kept->bytes)
        return false;
    struct kept_line *line = mem_alloc(sizeof *line + size);
    *line = (struct kept_line){.size = size};
    memcpy(line->text, text, size);
    DL_APPEND(kept->lines, line);
    kept->bytes += size + 1;
    return true;
}

size_t kept_bytes(const struct kept *kept)
{
    return kept->bytes;
}
