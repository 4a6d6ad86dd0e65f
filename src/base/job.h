/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Work that goes on a piece at a time, in later turns of the loop, so that nobody waits for the
 * whole of it. Embedded in whatever has such work; hub_later asks for the next piece.
 */
#ifndef TELEX_BASE_JOB_H
#define TELEX_BASE_JOB_H

#include <stdbool.h>
#include <stdint.h>

struct job {
    void (*run)(struct job *job); /* one piece; may ask for the next, or forget any job */
    bool waits;                   /* in the hub's list */
    uint64_t round;               /* of hub_run_later, in which it was asked for */
    struct job *prev, *next;
};

/* A turn begins no other piece once its pieces have taken so long: microseconds. */
enum { JOBS_SLICE = 3000 };

#endif
