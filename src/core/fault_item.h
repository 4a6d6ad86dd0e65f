/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a fault holds: one message with the bytes that it stood on the line as, or an end. */
#ifndef TELEX_CORE_FAULT_ITEM_H
#define TELEX_CORE_FAULT_ITEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/fault.h"

struct fault_item {
    enum fault_what what;
    bool partial, bad, quiet; /* as of the framing_piece that it came as */
    uint64_t number;          /* of those that came */
    int64_t start;            /* when its first byte begins to come out */
    char *line;               /* in bytes; NULL: it is not known any more */
    char *data;               /* in line, or behind it */
    size_t taken, size;       /* of line, of data */
    size_t given;             /* of data: what has come out */
    struct fault_item *prev, *next;
    char bytes[];
};

/* With copies of its bytes. piece NULL: an end. */
struct fault_item *fault_item_create(enum fault_what what, const struct framing_piece *piece,
                                     uint64_t number);
/* The same once more, of one that has not come out in part. */
struct fault_item *fault_item_copy(const struct fault_item *item);
/* Bytes of memory. */
size_t fault_item_held(const struct fault_item *item);
/* Turns the bit of that number, modulo its bits, which are not none. */
void fault_item_corrupt(struct fault_item *item, uint64_t bit);
/* The next so many bytes of data come out; the last piece has all that is left of line. */
struct framing_piece fault_item_give(struct fault_item *item, size_t size);

#endif
