/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/mem.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"

void mem_exhausted(void)
{
    log_last("out of memory");
    exit(1);
}

/* --- the ballast --- */

/* In blocks, which find room where memory has become full of holes. */
enum { BLOCK = 64 << 10, BLOCKS = MEM_BALLAST / BLOCK };

struct block {
    struct block *next;
};

/* Any thread may find that memory has run out. */
static struct {
    _Atomic(struct block *) blocks;
    atomic_bool spent;
    void (*notice)(void *context);
    void *context;
} ballast;

static void free_blocks(struct block *blocks)
{
    while (blocks) {
        struct block *next = blocks->next;
        free(blocks);
        blocks = next;
    }
}

/* As many as there is memory for, of the number wanted. */
static struct block *take_blocks(unsigned wanted, unsigned *taken)
{
    struct block *blocks = NULL;
    for (*taken = 0; *taken < wanted; ++*taken) {
        struct block *block = malloc(BLOCK);
        if (!block)
            break;
        block->next = blocks;
        blocks = block;
    }
    return blocks;
}

bool mem_is_short(void)
{
    return atomic_load_explicit(&ballast.spent, memory_order_relaxed);
}

/* As much again has to be free behind it, or it would be spent at once. */
bool mem_restore(void)
{
    unsigned taken, more;
    free_blocks(atomic_exchange(&ballast.blocks, NULL));
    struct block *blocks = take_blocks(BLOCKS, &taken);
    free_blocks(take_blocks(BLOCKS, &more));
    atomic_store(&ballast.spent, false);
    atomic_store(&ballast.blocks, blocks);
    return more == BLOCKS;
}

void mem_reserve(void (*notice)(void *context), void *context)
{
    ballast.notice = notice;
    ballast.context = context;
    mem_restore();
}

void mem_release(void)
{
    ballast.notice = NULL;
    free_blocks(atomic_exchange(&ballast.blocks, NULL));
    atomic_store(&ballast.spent, false);
}

/* An allocation has failed: it is to be tried again, unless nothing is left to give. */
static void make_room(void)
{
    struct block *blocks = atomic_exchange(&ballast.blocks, NULL);
    if (!blocks)
        mem_exhausted();
    free_blocks(blocks);
    atomic_store(&ballast.spent, true);
    ballast.notice(ballast.context);
}

/* --- allocating --- */

void *mem_alloc(size_t size)
{
    void *memory;
    while (!(memory = malloc(size > 0 ? size : 1)))
        make_room();
    return memory;
}

void *mem_zalloc(size_t size)
{
    void *memory;
    while (!(memory = calloc(1, size > 0 ? size : 1)))
        make_room();
    return memory;
}

static void *alloc_at(size_t alignment, size_t size)
{
    void *memory;
    while (!(memory = aligned_alloc(alignment, size)))
        make_room();
    return memory;
}

void *mem_pages(size_t size)
{
    return alloc_at((size_t)sysconf(_SC_PAGESIZE), size);
}

/* It is no error where there are no huge pages. */
void *mem_large(size_t size)
{
    if (size == 0 || size % MEM_HUGE != 0)
        return mem_alloc(size);
    void *memory = alloc_at(MEM_HUGE, size);
    madvise(memory, size, MADV_HUGEPAGE);
    return memory;
}

void *mem_resize(void *old, size_t size)
{
    void *memory;
    while (!(memory = realloc(old, size > 0 ? size : 1)))
        make_room();
    return memory;
}

void *mem_dup(const void *data, size_t size)
{
    void *copy = mem_alloc(size);
    if (size > 0)
        memcpy(copy, data, size);
    return copy;
}

char *mem_strdup(const char *text)
{
    return mem_dup(text, strlen(text) + 1);
}

char *mem_strndup(const char *text, size_t size)
{
    char *copy = mem_alloc(size + 1);
    if (size > 0)
        memcpy(copy, text, size);
    copy[size] = '\0';
    return copy;
}

char *mem_vprintf(const char *format, va_list arguments)
{
    va_list again;
    char *text;
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    text = mem_alloc((size_t)size + 1);
    vsnprintf(text, (size_t)size + 1, format, arguments);
    return text;
}

char *mem_printf(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = mem_vprintf(format, arguments);
    va_end(arguments);
    return text;
}
