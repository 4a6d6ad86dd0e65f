/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long a turn of the loop takes, and in which part of the house. Told the time, never asks.
 */
#ifndef TELEX_LOOP_TURN_H
#define TELEX_LOOP_TURN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/host.h"

struct turn {
    bool begun;
    int64_t started;      /* microseconds of the clock that only goes forward */
    int64_t since;        /* the same: of the present part */
    enum part part;       /* the present one */
    int64_t spent[PARTS]; /* microseconds, those before the present part */
};

void turn_begin(struct turn *turn, int64_t now);
/* From now on the turn is spent in that part; returns in which it was. It has begun. */
enum part turn_enter(struct turn *turn, enum part part, int64_t now);
/* Counts it; the longest so far is kept, with the part that took most of it. */
void turn_end(struct turn *turn, int64_t now, struct turns *turns);

#endif
