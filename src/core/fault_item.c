/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/fault_item.h"

#include <string.h>

#include "base/mem.h"

/* Where the message stands in the bytes of its line; SIZE_MAX: it was decoded. */
static size_t place_in_line(const struct framing_piece *piece)
{
    const uintptr_t line = (uintptr_t)piece->line, data = (uintptr_t)piece->data;
    const bool within = piece->line && data >= line && data - line <= piece->taken &&
                        piece->size <= piece->taken - (data - line);
    return within ? data - line : SIZE_MAX;
}

static void copy_bytes(char *to, const char *from, size_t size)
{
    if (size > 0)
        memcpy(to, from, size);
}

struct fault_item *fault_item_create(enum fault_what what, const struct framing_piece *piece,
                                     uint64_t number)
{
    static const struct framing_piece none;
    piece = piece ? piece : &none;
    const size_t taken = piece->line ? piece->taken : 0, place = place_in_line(piece);
    const bool apart = place == SIZE_MAX;
    struct fault_item *item = mem_alloc(sizeof *item + taken + (apart ? piece->size : 0));
    *item = (struct fault_item){.what = what,
                                .partial = piece->partial,
                                .bad = piece->bad,
                                .quiet = piece->quiet,
                                .number = number,
                                .line = piece->line ? item->bytes : NULL,
                                .data = item->bytes + (apart ? taken : place),
                                .taken = taken,
                                .size = piece->size};
    copy_bytes(item->bytes, piece->line, taken);
    if (apart)
        copy_bytes(item->data, piece->data, piece->size);
    return item;
}

struct fault_item *fault_item_copy(const struct fault_item *item)
{
    const struct framing_piece piece = {.taken = item->taken,
                                        .line = item->line,
                                        .data = item->data,
                                        .size = item->size,
                                        .partial = item->partial,
                                        .bad = item->bad,
                                        .quiet = item->quiet};
    return fault_item_create(item->what, &piece, item->number);
}

static bool is_apart(const struct fault_item *item)
{
    return item->data >= item->bytes + item->taken;
}

size_t fault_item_held(const struct fault_item *item)
{
    return sizeof *item + item->taken + (is_apart(item) ? item->size : 0);
}

/* What a decoded message stood as is another message now. */
void fault_item_corrupt(struct fault_item *item, uint64_t bit)
{
    bit %= (uint64_t)item->size * 8;
    item->data[bit / 8] ^= (char)(1u << bit % 8);
    if (is_apart(item))
        item->line = NULL;
}

struct framing_piece fault_item_give(struct fault_item *item, size_t size)
{
    const size_t begin = item->given, end = begin + size;
    const bool last = end == item->size;
    const size_t from = begin < item->taken ? begin : item->taken;
    const size_t to = last || end > item->taken ? item->taken : end;
    item->given = end;
    return (struct framing_piece){.taken = item->line ? to - from : 0,
                                  .line = item->line ? item->line + from : NULL,
                                  .data = item->data + begin,
                                  .size = size,
                                  .partial =
                                      item->partial || (item->what == FAULT_MESSAGE && !last),
                                  .bad = item->bad,
                                  .quiet = item->quiet};
}
