/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/heap.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/mem.h"

enum { ROOM_LEAST = 8 };

static void put(struct heap *heap, unsigned place, struct heap_node *node)
{
    heap->nodes[place - 1] = node;
    node->place = place;
}

static struct heap_node *at(const struct heap *heap, unsigned place)
{
    return heap->nodes[place - 1];
}

/* A place has become free: the node goes there, or to one above. */
static void rise(struct heap *heap, unsigned place, struct heap_node *node)
{
    for (; place > 1 && at(heap, place / 2)->due > node->due; place /= 2)
        put(heap, place, at(heap, place / 2));
    put(heap, place, node);
}

static unsigned sooner_child(const struct heap *heap, unsigned place)
{
    const unsigned left = 2 * place, right = left + 1;
    return right <= heap->count && at(heap, right)->due < at(heap, left)->due ? right : left;
}

/* The same, or to one below. */
static void sink(struct heap *heap, unsigned place, struct heap_node *node)
{
    while (2 * place <= heap->count) {
        const unsigned child = sooner_child(heap, place);
        if (at(heap, child)->due >= node->due)
            break;
        put(heap, place, at(heap, child));
        place = child;
    }
    put(heap, place, node);
}

static void settle(struct heap *heap, unsigned place, struct heap_node *node)
{
    if (place > 1 && at(heap, place / 2)->due > node->due)
        rise(heap, place, node);
    else
        sink(heap, place, node);
}

static void resize(struct heap *heap, unsigned room)
{
    heap->nodes = mem_resize(heap->nodes, room * sizeof *heap->nodes);
    heap->room = room;
}

void heap_set(struct heap *heap, struct heap_node *node, int64_t due)
{
    node->due = due;
    if (node->place > 0) {
        settle(heap, node->place, node);
        return;
    }
    if (heap->count == heap->room)
        resize(heap, heap->room > 0 ? 2 * heap->room : ROOM_LEAST);
    rise(heap, ++heap->count, node);
}

/* The last one takes its place. What a flood took is given back. */
void heap_remove(struct heap *heap, struct heap_node *node)
{
    const unsigned place = node->place;
    if (place == 0)
        return;
    struct heap_node *last = at(heap, heap->count--);
    node->place = 0;
    if (last != node)
        settle(heap, place, last);
    if (heap->room > ROOM_LEAST && heap->count < heap->room / 4)
        resize(heap, heap->room / 2);
}

struct heap_node *heap_first(const struct heap *heap)
{
    return heap->count > 0 ? heap->nodes[0] : NULL;
}

void heap_finish(struct heap *heap)
{
    free(heap->nodes);
    *heap = (struct heap){0};
}
