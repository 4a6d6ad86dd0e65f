/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Jobs that are to be run at a time, each once: the alarms of a host (base/host.h). An alarm is
 * embedded in whatever has to be done then; jobs_forget of its job takes it back.
 */
#ifndef TELEX_BASE_ALARMS_H
#define TELEX_BASE_ALARMS_H

#include "base/jobs.h"

struct alarm {
    struct job job; /* first; of alarms_set and alarms_ring, until it rings */
    int64_t due;    /* microseconds of whoever's clock */
};

/* In the order in which they are due. Setting one looks at all: there are few, one for each who
 * has something to wait for. */
struct alarms {
    struct jobs jobs;
};

/* To be run when due. One that is set already is moved. */
void alarms_set(struct alarms *alarms, struct alarm *alarm, int64_t due);
/* The soonest, or NULL. */
const struct alarm *alarms_first(const struct alarms *alarms);
/* Runs those that are due by now. One that is set meanwhile waits for the next call. */
void alarms_ring(struct alarms *alarms, int64_t now, const struct host *host);

#endif
