/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which of many is due first: a binary heap of nodes that are embedded in whatever is due. To
 * set, move or take out one costs the logarithm of how many there are.
 */
#ifndef TELEX_BASE_HEAP_H
#define TELEX_BASE_HEAP_H

#include <stdint.h>

struct heap_node {
    int64_t due;    /* of whoever's clock */
    unsigned place; /* in the heap, from 1; 0: it is in none. Zeroed at first */
};

/* Zeroed at first. */
struct heap {
    struct heap_node **nodes; /* each is due no sooner than the one at half its place */
    unsigned count, room;
};

/* Puts it in, or moves it where it is in already. */
void heap_set(struct heap *heap, struct heap_node *node, int64_t due);
/* One that is not in is fine. */
void heap_remove(struct heap *heap, struct heap_node *node);
/* The one that is due first, or NULL. */
struct heap_node *heap_first(const struct heap *heap);
/* With nodes in it, too, which are left as they are. */
void heap_finish(struct heap *heap);

#endif
