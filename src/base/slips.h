/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far a word that was typed is from one that there is. */
#ifndef TELEX_BASE_SLIPS_H
#define TELEX_BASE_SLIPS_H

#include <stdbool.h>
#include <stddef.h>

/* The most bytes of a word; longer ones are slips of none. */
enum { SLIPS_WORD_MAX = 32 };

/*
 * Whether word, of size bytes, takes fewer letters to add, drop, change or swap than *fewest
 * to be name; then it is how many. Begin with slips_most.
 */
bool slips_nearer(const char *name, const char *word, size_t size, size_t *fewest);
/* One more than what may pass for a slip in a word of that size. */
size_t slips_most(size_t size);

#endif
