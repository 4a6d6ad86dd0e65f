/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Something that is done after a time, once for each timeout_set. */
#ifndef TELEX_LOOP_TIMEOUT_H
#define TELEX_LOOP_TIMEOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/part.h"
#include "loop/loop.h"

struct timeout;

/* fired is called from the loop, and may destroy the timeout. What it takes is the part's time.
 */
struct timeout *timeout_create(struct loop *loop, enum loop_priority priority, enum part part,
                               void (*fired)(void *context), void *context);
/*
 * The same for one of thousands, which may all be due at once: each fires as a piece of work
 * among the peers (loop_later), of which a turn does no more than it has time for.
 */
struct timeout *timeout_create_of_many(struct loop *loop, enum part part,
                                       void (*fired)(void *context), void *context);
void timeout_destroy(struct timeout *timeout); /* NULL is fine */

/* Fires after so many microseconds from now, whatever was set before; in the next turn where
 * that is not positive. */
void timeout_set(struct timeout *timeout, int64_t microseconds);
/* The same, but one that is set already stays as it is. */
void timeout_start(struct timeout *timeout, int64_t microseconds);
void timeout_stop(struct timeout *timeout);
bool timeout_is_set(const struct timeout *timeout);

#endif
