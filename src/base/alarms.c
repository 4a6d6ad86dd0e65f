/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/alarms.h"

#include "base/cast.h"
#include "base/ut.h"

static struct alarm *alarm_of(struct job *job)
{
    return container_of(job, struct alarm, job);
}

void alarms_set(struct alarms *alarms, struct alarm *alarm, int64_t due)
{
    struct job *later;
    jobs_forget(&alarm->job);
    alarm->due = due;
    alarm->job.list = &alarms->jobs;
    DL_FOREACH(alarms->jobs.first, later) {
        if (alarm_of(later)->due > due)
            break;
    }
    DL_PREPEND_ELEM(alarms->jobs.first, later, &alarm->job);
}

const struct alarm *alarms_first(const struct alarms *alarms)
{
    return alarms->jobs.first ? alarm_of(alarms->jobs.first) : NULL;
}

void alarms_ring(struct alarms *alarms, int64_t now, const struct host *host)
{
    struct jobs due = {0};
    while (alarms->jobs.first && alarm_of(alarms->jobs.first)->due <= now) {
        struct job *job = alarms->jobs.first;
        jobs_forget(job);
        jobs_add(&due, job);
    }
    jobs_run_all(&due, host);
}
