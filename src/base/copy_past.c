/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/copy_past.h"

#include <string.h>

#ifdef __SSE2__ /* as every x86-64 has it */

#include <emmintrin.h>
#include <stdint.h>

/* Bytes: a line of the caches, and what is worth it. */
enum { LINE = 64, LEAST = 4096 };

/* to: at the begin of a line. Nothing orders such stores with others here, but taking a lock
 * does; a fence would wait for the memory. */
static void copy_lines(char *to, const char *from, size_t count)
{
    for (; count > 0; count--, to += LINE, from += LINE)
        for (size_t at = 0; at < LINE; at += sizeof(__m128i))
            _mm_stream_si128((void *)(to + at), _mm_loadu_si128((const void *)(from + at)));
}

void copy_past(void *to, const void *from, size_t size)
{
    if (size < LEAST) {
        memcpy(to, from, size);
        return;
    }
    const size_t head = -(uintptr_t)to % LINE, lines = (size - head) / LINE;
    const size_t tail = head + lines * LINE;
    memcpy(to, from, head);
    copy_lines((char *)to + head, (const char *)from + head, lines);
    memcpy((char *)to + tail, (const char *)from + tail, size - tail);
}

#else

void copy_past(void *to, const void *from, size_t size)
{
    memcpy(to, from, size);
}

#endif
