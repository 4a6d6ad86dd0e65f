/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes that wait for many peers and stand in memory once: counted, and freed when the last one
 * has got them. Nobody changes them once they are handed on.
 */
#ifndef TELEX_BASE_SHARED_H
#define TELEX_BASE_SHARED_H

#include <stddef.h>

struct budget;

struct shared {
    struct budget *budget; /* in which it counts; NULL: none */
    unsigned references;
    size_t size;
    char data[];
};

/* Room for size bytes, to be filled in. One reference, for the caller. budget may be NULL. */
struct shared *shared_create(struct budget *budget, size_t size);
struct shared *shared_reference(struct shared *shared);
void shared_release(struct shared *shared); /* NULL is fine */

#endif
