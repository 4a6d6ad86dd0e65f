/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a pointer to part of a struct, or to nobody knows what, back to the struct. The compiler
 * sees whether a member is of that type. It cannot see what stands behind a context, or which
 * link a link is: so such a struct bears a mark, which costs nothing where asserts are off.
 *
 *     struct stream {
 *         struct link link;
 *         CAST_MARK;
 *         ...
 *     };
 *     CAST_INIT(stream, made);                    once it is made
 *     struct stream *stream = CAST(stream, link); from then on
 */
#ifndef TELEX_BASE_CAST_H
#define TELEX_BASE_CAST_H

#include <assert.h>
#include <stddef.h>
#include <string.h>

/* The struct, of that type, which pointer is to the member of. */
#define container_of(pointer, type, member)              \
    ((type *)((char *)(pointer)-offsetof(type, member) + \
              0 * sizeof((pointer) == &((type *)0)->member)))

#ifdef NDEBUG

#define CAST_MARK _Static_assert(1, "no mark")
#define CAST_INIT(type, pointer) ((void)(pointer))
#define CAST(type, pointer) ((struct type *)(pointer))

#else

#define CAST_MARK const char *cast_mark /* the name of the struct */
#define CAST_INIT(type, pointer) ((void)((pointer)->cast_mark = #type))
#define CAST(type, pointer) \
    ((struct type *)cast_checked((pointer), offsetof(struct type, cast_mark), #type))

static inline void *cast_checked(const void *pointer, size_t offset, const char *type)
{
    const char *mark = *(const char *const *)((const char *)pointer + offset);
    assert(mark && (mark == type || strcmp(mark, type) == 0));
    return (void *)pointer;
}

#endif

#endif
