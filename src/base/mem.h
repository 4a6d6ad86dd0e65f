/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Allocation that cannot fail: out of memory ends the program with a message and exit status 1,
 * because a daemon that must give up halfway through any function would be untestable.
 * Everything returned here is freed with free(3).
 */
#ifndef TELEX_BASE_MEM_H
#define TELEX_BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>

void *mem_alloc(size_t size);
void *mem_zalloc(size_t size);
/* On pages of its own, for what the kernel copies much into and out of; size is whole pages. */
void *mem_pages(size_t size);
void *mem_resize(void *old, size_t size);
void *mem_dup(const void *data, size_t size);
char *mem_strdup(const char *text);
/* The first size bytes of text, with a NUL after them. */
char *mem_strndup(const char *text, size_t size);
char *mem_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *mem_vprintf(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));
_Noreturn void mem_exhausted(void);

#endif
