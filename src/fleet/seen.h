/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The commands that a node was sent, by their ids, each with what was answered: so that one
 * that is said again is answered again, and not run. Bounded in number and bytes: of answers
 * the oldest go first, and then it is only known that it was run; of ids those that are past
 * their time, and where there are still too many the oldest that are not running. Pure.
 */
#ifndef TELEX_FLEET_SEEN_H
#define TELEX_FLEET_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/ut.h"

enum {
    SEEN_IDS = 8192,
    SEEN_BYTES = 8 << 20,  /* of all answers */
    SEEN_ANSWER = 1 << 20, /* of one: what is longer is not kept */
    SEEN_ID_LENGTH = 128   /* the longest id */
};

struct order;

struct seen_entry {
    struct order *order; /* while it runs, its owner's; NULL: it is done */
    int64_t expires;     /* microseconds since the epoch: until then it may come again */
    bool kept;           /* its answers are */
    UT_string answers;   /* lines, each ended by a newline */
    struct seen_entry *prev, *next;
    UT_hash_handle hh;
    char id[];
};

struct seen {
    struct hash_key key; /* ids come from strangers */
    struct seen_entry *table;
    struct seen_entry *list; /* utlist: the oldest first */
    size_t count;
    size_t bytes; /* of answers */
};

void seen_init(struct seen *seen);
/* Whatever still runs is forgotten too. */
void seen_finish(struct seen *seen);

struct seen_entry *seen_find(const struct seen *seen, const char *id);
/*
 * One that is not there yet begins to run. wall: microseconds since the epoch, now. NULL where
 * SEEN_IDS are running.
 */
struct seen_entry *seen_add(struct seen *seen, const char *id, int64_t expires,
                            struct order *order, int64_t wall);
/* One that was not run after all. */
void seen_forget(struct seen *seen, struct seen_entry *entry);
/* One more line of its answer, without its newline. */
void seen_keep(struct seen *seen, struct seen_entry *entry, const char *line, size_t size);

#endif
