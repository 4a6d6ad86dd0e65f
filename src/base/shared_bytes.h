/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes that wait for many peers and stand in memory once: counted, and freed when the last one
 * has got them. Nobody changes them once they are handed on.
 */
#ifndef TELEX_BASE_SHARED_BYTES_H
#define TELEX_BASE_SHARED_BYTES_H

#include <stddef.h>

struct budget;

struct shared_bytes {
    struct budget *budget; /* in which it counts, and which outlives it; NULL: none */
    unsigned references;
    size_t size;
    char data[];
};

/* Room for size bytes, to be filled in. One reference, for the caller. budget may be NULL. */
struct shared_bytes *shared_bytes_create(struct budget *budget, size_t size);
struct shared_bytes *shared_bytes_reference(struct shared_bytes *shared);
void shared_bytes_release(struct shared_bytes *shared); /* NULL is fine */

#endif
