/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether a call is made again when its line is lost, or was not to be had (again=), and when.
 * Each time its line is another peer. It ends when an operator closes one of them, or the
 * program does.
 */
#ifndef TELEX_CORE_RECALL_H
#define TELEX_CORE_RECALL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/backoff.h"

struct line_end;

struct recall {
    struct backoff pauses; /* most 0: it is made once */
    uint64_t peer;         /* the number of its line, or of the last one; 0: none yet */
    bool over;             /* it was hung up: not again */
    bool device;           /* it is plugged in, or is not: no pauses for its sake */
    char *told;            /* why it failed, since it last stood; NULL: it has not */
};

/* The longest pause between two calls in microseconds; 0: there is one call. device: a line
 * that stood is called again soon, however short that was. */
void recall_init(struct recall *recall, int64_t longest, bool device);
void recall_finish(struct recall *recall);
/* Its line is that peer now. */
void recall_made(struct recall *recall, uint64_t peer);
/*
 * The line of that peer has ended like that: fills in end->again and end->repeated. stood: it
 * was open. Nothing, where the peer is not its line but only of the same origin.
 */
void recall_ended(struct recall *recall, uint64_t peer, bool stood, struct line_end *end);
/* The same where there was not even a peer: microseconds until it is made again; 0: it is not.
 * Returns whether the cause is news. */
bool recall_failed(struct recall *recall, const char *error, int64_t *again);
/* An operator closes that peer: where it is its line, the call is not made again. */
void recall_hang_up(struct recall *recall, uint64_t peer);

#endif
