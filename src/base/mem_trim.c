/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/mem_trim.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* All below M_MMAP_THRESHOLD (mallopt(3)): where no hole is large enough, a mapping would be
 * made, and its end would raise that threshold. */
static const size_t sizes[] = {96 << 10, 40 << 10, 20 << 10, 12 << 10, 8 << 10};
enum { SIZES = sizeof sizes / sizeof *sizes };

struct mem_trim_block {
    struct mem_trim_block *next;
};

/* The pages that lie whole within it, behind the link. */
static void give_pages(struct mem_trim_block *block, size_t size)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    const uintptr_t from = ((uintptr_t)(block + 1) + page - 1) & ~(page - 1);
    const uintptr_t to = ((uintptr_t)block + size) & ~(page - 1);
    if (to > from)
        madvise((void *)from, to - from, MADV_DONTNEED);
}

/* False where there is no hole of that size any more: then memory is new, or there is none. */
static bool take(struct mem_trim *trim, size_t size)
{
    struct mem_trim_block *block = malloc(size);
    if (!block || (const char *)block + size > trim->end) {
        free(block);
        return false;
    }
    give_pages(block, size);
    block->next = trim->taken;
    trim->taken = block;
    return true;
}

static void free_one(struct mem_trim *trim)
{
    struct mem_trim_block *block = trim->taken;
    trim->taken = block->next;
    free(block);
}

bool mem_trim_step(struct mem_trim *trim)
{
    if (!trim->end)
        trim->end = sbrk(0);
    if (trim->size < SIZES)
        trim->size += !take(trim, sizes[trim->size]);
    else if (trim->taken)
        free_one(trim);
    if (trim->size < SIZES || trim->taken)
        return true;
    *trim = (struct mem_trim){0};
    return false;
}

void mem_trim_stop(struct mem_trim *trim)
{
    while (trim->taken)
        free_one(trim);
    *trim = (struct mem_trim){0};
}
