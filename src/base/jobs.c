/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/jobs.h"

#include "base/host.h"
#include "base/ut.h"

void jobs_add(struct jobs *jobs, struct job *job)
{
    if (job->list)
        return;
    job->list = jobs;
    job->round = jobs->round;
    DL_APPEND(jobs->first, job);
}

void jobs_forget(struct job *job)
{
    if (job->list)
        DL_DELETE(job->list->first, job);
    job->list = NULL;
}

static void run_first(struct jobs *jobs, const struct host *host)
{
    struct job *job = jobs->first;
    const enum part former = host->enter(host->context, job->part);
    jobs_forget(job);
    job->run(job);
    host->enter(host->context, former);
}

void jobs_run(struct jobs *jobs, const struct host *host)
{
    const int64_t end = host->clock(host->context) + JOBS_SLICE;
    const uint64_t round = ++jobs->round;
    while (jobs->first && jobs->first->round != round) {
        run_first(jobs, host);
        if (host->clock(host->context) >= end)
            break;
    }
}

void jobs_run_all(struct jobs *jobs, const struct host *host)
{
    while (jobs->first)
        run_first(jobs, host);
}
