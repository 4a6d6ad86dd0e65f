/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Input that waits for its message to end: one run of bytes, which takes little more room than
 * it needs and none while there is nothing. A NULL pointer is the empty one.
 */
#ifndef TELEX_STREAM_PENDING_H
#define TELEX_STREAM_PENDING_H

#include <stddef.h>

struct pending;

size_t pending_size(const struct pending *pending);
/* Until the next change; NULL where there is nothing. */
const char *pending_data(const struct pending *pending);
/* Bytes of memory that it takes. */
size_t pending_room(const struct pending *pending);
void pending_add(struct pending **pending, const char *data, size_t size);
/* Takes size bytes off its beginning. */
void pending_take(struct pending **pending, size_t size);
void pending_clear(struct pending **pending);

#endif
