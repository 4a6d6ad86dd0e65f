/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Gives memory that was freed back to the system, a step at a time. malloc_trim(3) does all of
 * it in one call, which takes a quarter of a millisecond for each MiB and for each hundred
 * holes. Here the holes are taken as blocks, the largest first, the kernel gets the pages in
 * them (madvise(2), MADV_DONTNEED), and when none is left the blocks are freed, each step one.
 * Where the C library is another, or a sanitizer's, there is nothing to take.
 */
#ifndef TELEX_BASE_MEM_TRIM_H
#define TELEX_BASE_MEM_TRIM_H

#include <stdbool.h>

struct mem_trim_block;

/* Zero at first, and again when it is done. */
struct mem_trim {
    struct mem_trim_block *taken;
    const char *end; /* of the heap as it was at the beginning; NULL: not begun */
    unsigned size;   /* which of the sizes of blocks is being taken */
};

/* At most a tenth of a millisecond. Whether there is more to do. */
bool mem_trim_step(struct mem_trim *trim);
/* Frees what it has taken, at once: memory is needed, or the program ends. */
void mem_trim_stop(struct mem_trim *trim);

#endif
