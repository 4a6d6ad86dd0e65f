/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Datagrams at a fixed rate, whatever comes of them, beside what the clients do. */
#ifndef TELEX_BENCH_FLOOD_H
#define TELEX_BENCH_FLOOD_H

#include <stdbool.h>
#include <stdint.h>

#include "telex-bench/poller.h"
#include "telex-bench/settings.h"
#include "telex-bench/tally.h"
#include "telex-bench/target.h"

enum { FLOOD_SIZE = 64 }; /* bytes of a datagram */

struct datagrams;
struct flood_source;

struct flood {
    const struct settings *settings;
    struct target target;
    struct tally *tally; /* whose mismatches and errors it counts */
    struct datagrams *datagrams;
    struct flood_source *sources;
    uint32_t window; /* datagrams of each source that may be answered yet; a power of two */
    uint64_t turn;   /* the source that sends next */
    int64_t start;   /* nanoseconds */
    uint64_t due;    /* datagrams since then */
    uint64_t alive;  /* sources that no error has closed */
    bool running;
    /* Of the measured time. */
    uint64_t sent;
    uint64_t answered; /* copies do not count */
};

/*
 * Opens the sockets, where settings (borrowed) ask for a flood; else does nothing, here and
 * below. The pattern is borrowed. On failure *error (malloc'ed) is a sentence.
 */
bool flood_init(struct flood *flood, const struct settings *settings, struct poller *poller,
                struct tally *tally, const uint8_t *pattern, char **error);
void flood_finish(struct flood *flood);

void flood_start(struct flood *flood, int64_t now);
/* What is sent from now on counts, and what comes back of that. */
void flood_begin(struct flood *flood);
/* Sends no more; what comes back still counts. */
void flood_stop(struct flood *flood);

/* Sends what is due. */
void flood_turn(struct flood *flood, int64_t now);
/* When flood_turn is to be called next; INT64_MAX: never. */
int64_t flood_next(const struct flood *flood);

#endif
