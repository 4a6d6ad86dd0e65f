/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Allocation that cannot fail, because a daemon that must give up halfway through any function
 * would be untestable. A program that lives long sets a ballast aside: it is given up for the
 * first allocation that would fail, and the program, told so, makes room and takes it back.
 * Where there is none, out of memory ends the program with a message and exit status 1.
 * Everything returned here is freed with free(3).
 */
#ifndef TELEX_BASE_MEM_H
#define TELEX_BASE_MEM_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

void *mem_alloc(size_t size);
void *mem_zalloc(size_t size);
/* On pages of its own, for what the kernel copies much into and out of; size is whole pages. */
void *mem_pages(size_t size);
/* The same for what is as large as MEM_HUGE and written from one end to the other: where the
 * system has huge pages it is on them, which costs fewer faults. size: any. */
void *mem_large(size_t size);
enum { MEM_HUGE = 2 << 20 /* bytes */ };
void *mem_resize(void *old, size_t size);
void *mem_dup(const void *data, size_t size);
char *mem_strdup(const char *text);
/* The first size bytes of text, with a NUL after them. */
char *mem_strndup(const char *text, size_t size);
char *mem_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *mem_vprintf(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));
_Noreturn void mem_exhausted(void);

enum { MEM_BALLAST = 4 << 20 /* bytes */ };

/*
 * Sets the ballast aside. notice is called when it is given up, by any thread, from the depth
 * of whatever asked for memory: it allocates nothing and touches little.
 */
void mem_reserve(void (*notice)(void *context), void *context);
/* Whether it has been given up and mem_restore was not called since. */
bool mem_is_short(void);
/*
 * Takes back what it can. Returns whether that is all, and as much more is free: else memory
 * is as good as used up. By the thread that owns the program's data.
 */
bool mem_restore(void);
/* Before what notice needs is gone. */
void mem_release(void);

#endif
