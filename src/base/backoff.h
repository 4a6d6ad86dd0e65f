/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pauses between tries of what may fail again: each twice as long as the one before. */
#ifndef TELEX_BASE_BACKOFF_H
#define TELEX_BASE_BACKOFF_H

#include <stdint.h>

struct backoff {
    int64_t first, most; /* microseconds; most is at least first */
    int64_t next;
};

/* Pauses from first up to most. */
void backoff_init(struct backoff *backoff, int64_t first, int64_t most);
/* How long to wait now, in microseconds. */
int64_t backoff_next(struct backoff *backoff);
/* It went well: the next pause is the first one again. */
void backoff_reset(struct backoff *backoff);

#endif
