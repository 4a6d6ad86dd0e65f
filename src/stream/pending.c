/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream/pending.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct pending {
    size_t start, end; /* of what is left, in data */
    size_t room;       /* of data */
    char data[];
};

enum { LEAST = 64 - (int)sizeof(struct pending) };

size_t pending_size(const struct pending *pending)
{
    return pending ? pending->end - pending->start : 0;
}

const char *pending_data(const struct pending *pending)
{
    return pending ? pending->data + pending->start : NULL;
}

size_t pending_room(const struct pending *pending)
{
    return pending ? sizeof *pending + pending->room : 0;
}

/* What there is, in other room. */
static void move(struct pending **pending, size_t room)
{
    struct pending *old = *pending, *other = mem_alloc(sizeof *other + room);
    *other = (struct pending){.end = pending_size(old), .room = room};
    if (old)
        memcpy(other->data, old->data + old->start, other->end);
    free(old);
    *pending = other;
}

/* An eighth more than needed: who sends byte by byte has not each of them moved. */
static void make_room(struct pending **pending, size_t size)
{
    struct pending *old = *pending;
    size_t needed = pending_size(old) + size, room = needed + needed / 8;
    if (old && old->end + size <= old->room)
        return;
    if (!old || needed > old->room) {
        move(pending, room < LEAST ? LEAST : room);
        return;
    }
    memmove(old->data, old->data + old->start, pending_size(old));
    old->end -= old->start;
    old->start = 0;
}

void pending_add(struct pending **pending, const char *data, size_t size)
{
    make_room(pending, size);
    memcpy((*pending)->data + (*pending)->end, data, size);
    (*pending)->end += size;
}

void pending_take(struct pending **pending, size_t size)
{
    struct pending *from = *pending;
    if (size == 0)
        return;
    from->start += size;
    size_t left = pending_size(from);
    if (left == 0)
        pending_clear(pending);
    else if (from->room > LEAST && left < from->room / 2)
        move(pending, left < LEAST ? LEAST : left);
}

void pending_clear(struct pending **pending)
{
    free(*pending);
    *pending = NULL;
}
