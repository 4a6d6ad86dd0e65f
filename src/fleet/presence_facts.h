/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a node says of itself. Pure. */
#ifndef TELEX_FLEET_PRESENCE_FACTS_H
#define TELEX_FLEET_PRESENCE_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ut.h"

enum presence_rate {
    PRESENCE_MESSAGES_IN,
    PRESENCE_MESSAGES_OUT,
    PRESENCE_BYTES_IN,
    PRESENCE_BYTES_OUT,
    PRESENCE_RATES
};

struct presence_facts {
    const char *node;
    char *run;        /* of its telexd */
    char *version;    /* of that */
    uint64_t console; /* on which commands are run there: what they send is told to be by it */
    uint64_t seq;     /* of the last event */
    uint64_t peers;
    uint64_t counted[PRESENCE_RATES]; /* since its start */
    int64_t counted_at;               /* microseconds; 0: not yet */
    uint64_t rates[PRESENCE_RATES];   /* a second */
};

/*
 * Takes the counters of what /stats has answered. now: microseconds of a clock that only goes
 * forward. False where it is no such answer.
 */
bool presence_facts_count(struct presence_facts *facts, const char *line, size_t size,
                          int64_t now);
/* Appends the object, without a newline. wall: microseconds since the epoch. */
void presence_facts_write(const struct presence_facts *facts, UT_string *out, int64_t wall);
/* Another telexd: all but the node is forgotten. */
void presence_facts_clear(struct presence_facts *facts);

#endif
