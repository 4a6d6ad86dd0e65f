/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was said, kept to be told again: an observer that packs every event, and lets the oldest
 * go for the newest. Its memory comes and goes in chunks, so that an idle daemon has none of
 * it; it counts in the hub's budget, of which it never takes more than a quarter, and it is
 * given up at once where memory has to be given back.
 */
#ifndef TELEX_CORE_HISTORY_H
#define TELEX_CORE_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "core/history_chunk.h"
#include "core/observer.h"

struct audience;
struct told;

struct history {
    struct observer observer;
    struct audience *audience;
    uint64_t most; /* bytes; 0: it keeps nothing, and costs nothing */
    struct budget_holder memory;
    struct budget *budget;
    struct history_chunk *chunks; /* utlist: the oldest first */
    const uint64_t *told;         /* seq of the last event, kept or not */
    uint64_t gone_messages;       /* message and sent, of those that are kept no more */
    uint64_t gone_events;         /* and all others */
};

/* Keeps nothing, until history_limit. told: seq of the last event, always as it is now. */
void history_init(struct history *history, struct audience *audience, struct budget *budget,
                  const uint64_t *told);
void history_finish(struct history *history);
/*
 * Keeps most bytes at most, from now on; what is too much goes. 0: nothing. An event that is
 * too long for all of it is kept without its bytes.
 */
void history_limit(struct history *history, uint64_t most);

/* The seq of the oldest that is kept; one more than that of the last event where none is. */
uint64_t history_first(const struct history *history);
/*
 * How many of those from seq first to last are kept no more. Their sum is exact, and so is each
 * where that is all that have gone; else they are parted as those are.
 */
void history_gone(const struct history *history, uint64_t first, uint64_t last,
                  uint64_t *messages, uint64_t *events);

/* A place is good until the next event is told, so within a turn. */

/* false where there is none of that number. */
bool history_find(const struct history *history, uint64_t seq, struct history_place *place);
/* Goes to the one behind it, or before it; false where there is none. */
bool history_next(struct history_place *place);
bool history_back(struct history_place *place);
/* What it is; borrowed for as long as the place is good. */
void history_read(const struct history_place *place, struct told *told);

#endif
