/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was told, as one piece of memory that holds all its texts and bytes, for those who keep
 * it. It is for this process alone: numbers stand as the machine has them.
 */
#ifndef TELEX_CORE_TOLD_PACK_H
#define TELEX_CORE_TOLD_PACK_H

#include <stdbool.h>
#include <stddef.h>

struct told;

/* The bytes that it takes. */
size_t told_pack_size(const struct told *told);
/* room is of that size. replayed is not kept. */
void told_pack(const struct told *told, void *room);
/*
 * The same again; its texts and bytes are borrowed from packed. false where that is no told, or
 * the size another: it never reads beyond.
 */
bool told_unpack(struct told *told, const void *packed, size_t size);

#endif
