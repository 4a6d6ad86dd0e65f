/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a descriptor is ready for, or that a signal has come: told for as long as it is watched.
 * Of streams that are peers' the poller tells. */
#ifndef TELEX_LOOP_WATCH_H
#define TELEX_LOOP_WATCH_H

#include <stdbool.h>

#include "base/part.h"
#include "loop/loop.h"

struct watch;

enum watch_what { WATCH_READ, WATCH_WRITE, WATCH_SIGNAL };

/*
 * Of fd, which stays the caller's, or of the signal of that number. It is not watched yet.
 * ready is called from the loop, and may destroy the watch. What it takes is the part's time.
 */
struct watch *watch_create(struct loop *loop, int fd, enum watch_what what,
                           enum loop_priority priority, enum part part,
                           void (*ready)(void *context), void *context);
void watch_destroy(struct watch *watch); /* NULL is fine */

void watch_start(struct watch *watch);
void watch_stop(struct watch *watch);
bool watch_is_on(const struct watch *watch);
int watch_fd(const struct watch *watch);

#endif
