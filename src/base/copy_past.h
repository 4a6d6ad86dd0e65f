/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copying what is not read soon. */
#ifndef TELEX_BASE_COPY_PAST_H
#define TELEX_BASE_COPY_PAST_H

#include <stddef.h>

/*
 * memcpy past the caches, where the machine can and it pays: the copy neither fetches what it
 * overwrites nor drives out what is in use. To read it at once costs more than after memcpy.
 * Another thread may read it where a lock was given up and taken in between.
 */
void copy_past(void *to, const void *from, size_t size);

#endif
