/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

void mem_exhausted(void)
{
    log_last("out of memory");
    exit(1);
}

void *mem_alloc(size_t size)
{
    void *memory = malloc(size > 0 ? size : 1);
    if (!memory)
        mem_exhausted();
    return memory;
}

void *mem_zalloc(size_t size)
{
    void *memory = calloc(1, size > 0 ? size : 1);
    if (!memory)
        mem_exhausted();
    return memory;
}

void *mem_pages(size_t size)
{
    void *memory = aligned_alloc((size_t)sysconf(_SC_PAGESIZE), size);
    if (!memory)
        mem_exhausted();
    return memory;
}

void *mem_resize(void *old, size_t size)
{
    void *memory = realloc(old, size > 0 ? size : 1);
    if (!memory)
        mem_exhausted();
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
    char *text;
    if (vasprintf(&text, format, arguments) < 0)
        mem_exhausted();
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
