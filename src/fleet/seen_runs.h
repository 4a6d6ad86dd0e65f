/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which events of a node were taken already: of each of its last runs those from one number to
 * another. So what is stored twice, or comes late from a run that is over, is taken once; what
 * was stored behind later ones is taken all the same. Pure.
 */
#ifndef TELEX_FLEET_SEEN_RUNS_H
#define TELEX_FLEET_SEEN_RUNS_H

#include <stdbool.h>
#include <stdint.h>

#include "fleet/event_line.h"

enum { SEEN_RUNS = 8, SEEN_SPANS = 16 };

/* From the first to the last of them nothing is missing. */
struct seen_span {
    uint64_t first, last;
};

struct seen_runs {
    struct seen_run {
        char run[EVENT_RUN_ROOM];
        struct seen_span spans[SEEN_SPANS]; /* in order; between two of them some are missing */
        unsigned count;
    } runs[SEEN_RUNS]; /* the newest last */
    unsigned count;
};

/* Whether an event of that number is new; from now on it is not. Of too many spans the oldest
 * two become one. */
bool seen_runs_take(struct seen_runs *seen, const char *run, uint64_t seq);

#endif
