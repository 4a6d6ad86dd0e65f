/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * uthash with its "out of memory" hooks led to ours. UT_string is the growing string of the
 * project, UT_array its growing array. Include this, never <uthash.h> itself.
 */
#ifndef TELEX_BASE_UT_H
#define TELEX_BASE_UT_H

#include "base/mem.h"

#define uthash_fatal(message) mem_exhausted()
#define utstring_oom() mem_exhausted()
#define utarray_oom() mem_exhausted()

#include <utarray.h>
#include <uthash.h>
#include <utlist.h>
#include <utstring.h>

/* utstring_bincpy, but the room at least doubles: many small pieces cost no realloc each. */
static inline void ut_append(UT_string *out, const void *data, size_t size)
{
    if (out->n - out->i <= size) {
        size_t more = out->n > size ? out->n : size + 1;
        utstring_reserve(out, more);
    }
    utstring_bincpy(out, data, size);
}

#endif
