/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/typeahead.h"

#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/mem.h"
#include "base/ut.h"
#include "loop/timeout.h"

struct typeahead_line {
    struct typeahead_line *prev, *next; /* utlist */
    size_t size;
    char text[];
};

struct typeahead {
    typeahead_give *give;
    CAST_MARK;
    void *context;
    struct timeout *soon;
    struct typeahead_line *lines;
    size_t bytes;
    bool stands; /* the line does */
};

static struct typeahead_line *take_first(struct typeahead *typeahead)
{
    struct typeahead_line *first = typeahead->lines;
    DL_DELETE(typeahead->lines, first);
    typeahead->bytes -= first->size + 1;
    return first;
}

static void give_cb(void *context)
{
    struct typeahead *typeahead = CAST(typeahead, context);
    while (typeahead->lines && typeahead->stands) {
        struct typeahead_line *first = take_first(typeahead);
        typeahead->give(typeahead->context, first->text, first->size);
        free(first);
    }
}

struct typeahead *typeahead_create(struct loop *loop, typeahead_give *give, void *context)
{
    struct typeahead *typeahead = mem_zalloc(sizeof *typeahead);
    CAST_INIT(typeahead, typeahead);
    typeahead->give = give;
    typeahead->context = context;
    typeahead->soon = timeout_create(loop, LOOP_OPERATOR, PART_CONSOLE, give_cb, typeahead);
    return typeahead;
}

void typeahead_destroy(struct typeahead *typeahead)
{
    if (!typeahead)
        return;
    timeout_destroy(typeahead->soon);
    while (typeahead->lines)
        free(take_first(typeahead));
    free(typeahead);
}

void typeahead_hold(struct typeahead *typeahead)
{
    typeahead->stands = false;
    timeout_stop(typeahead->soon);
}

void typeahead_let_go(struct typeahead *typeahead)
{
    typeahead->stands = true;
    timeout_set(typeahead->soon, 0);
}

bool typeahead_waits(const struct typeahead *typeahead)
{
    return !typeahead->stands || typeahead->lines;
}

bool typeahead_add(struct typeahead *typeahead, const char *text, size_t size)
{
    if (size >= TYPEAHEAD_MAX - typeahead->bytes)
        return false;
    struct typeahead_line *line = mem_alloc(sizeof *line + size);
    *line = (struct typeahead_line){.size = size};
    memcpy(line->text, text, size);
    DL_APPEND(typeahead->lines, line);
    typeahead->bytes += size + 1;
    return true;
}

size_t typeahead_bytes(const struct typeahead *typeahead)
{
    return typeahead->bytes;
}
