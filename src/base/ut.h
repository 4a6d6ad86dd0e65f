/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * uthash, which allocates as base/mem.h does. UT_string is the growing string of the project,
 * UT_array its growing array. Include this, never <uthash.h> itself.
 */
#ifndef TELEX_BASE_UT_H
#define TELEX_BASE_UT_H

#include <stdlib.h>

#include "base/mem.h"

/* uthash can be told whom to ask; utarray and utstring know only these names. */
#define uthash_malloc(size) mem_alloc(size)
#define malloc(size) mem_alloc(size)
#define realloc(memory, size) mem_resize(memory, size)

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

/* Gives back what a flood took, once most of it has gone: room for as many again stays. */
static inline void ut_shrink(UT_array *array)
{
    enum { FEW = 64 };
    const unsigned room = 2 * utarray_len(array) + FEW;
    if (array->n <= 2 * room)
        return;
    array->d = (char *)mem_resize(array->d, room * array->icd.sz);
    array->n = room;
}

#endif
