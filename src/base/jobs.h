/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Work that goes on a piece at a time, in later turns of the loop, so that nobody waits for the
 * whole of it. A job is embedded in whatever has such work, and waits in one list of jobs at
 * most.
 */
#ifndef TELEX_BASE_JOBS_H
#define TELEX_BASE_JOBS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/part.h"

struct host;
struct jobs;

struct job {
    void (*run)(struct job *job); /* one piece; may ask for the next, or forget any job */
    enum part part;               /* whose time it takes */
    struct jobs *list;            /* that it waits in, or NULL */
    uint64_t round;               /* of the list, in which it was added */
    struct job *prev, *next;
};

struct jobs {
    struct job *first; /* utlist */
    uint64_t round;    /* counts jobs_run */
};

/* A turn begins no other piece once its pieces have taken so long: microseconds. */
enum { JOBS_SLICE = 3000 };

/* Asks for one piece. One that waits already keeps its place. */
void jobs_add(struct jobs *jobs, struct job *job);
/* It does not wait any more. One that does not is fine. */
void jobs_forget(struct job *job);
/* One piece of each that asked before this call, those first that have waited longest. */
void jobs_run(struct jobs *jobs, const struct host *host);
/* All, with those that ask meanwhile, until none is left. */
void jobs_run_all(struct jobs *jobs, const struct host *host);

#endif
