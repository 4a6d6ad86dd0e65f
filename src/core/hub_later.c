/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes on in later turns of the loop: the files that are being sent, and jobs. */
#include "core/hub.h"

#include "base/job.h"
#include "core/transfer.h"

/* Who is served next has waited longest; one that has not read yet keeps its place. */
static size_t find_ready(const struct hub *hub, uint64_t numbers[], size_t limit)
{
    const struct transfer *transfer;
    size_t count = 0;
    DL_FOREACH(hub->transfers, transfer) {
        if (count == limit)
            break;
        if (peer_queued(transfer->peer) == 0)
            numbers[count++] = transfer->peer->number;
    }
    return count;
}

/*
 * Few enough pieces that the loop comes back to everything else within milliseconds. The peers
 * are found by number: whoever is told that one file has ended may end others.
 */
static void continue_transfers(struct hub *hub)
{
    uint64_t numbers[TRANSFER_PIECES_A_TURN];
    size_t count = find_ready(hub, numbers, TRANSFER_PIECES_A_TURN);
    for (size_t i = 0; i < count; i++) {
        struct peer *peer = hub_find(hub, numbers[i]);
        if (!peer || !peer->transfer)
            continue;
        DL_DELETE(hub->transfers, peer->transfer);
        DL_APPEND(hub->transfers, peer->transfer);
        transfer_continue(hub, peer->transfer);
    }
}

void hub_later(struct hub *hub, struct job *job)
{
    if (job->waits)
        return;
    job->waits = true;
    job->round = hub->round;
    DL_APPEND(hub->jobs, job);
    hub->host.later(hub->host.context);
}

void hub_forget_job(struct hub *hub, struct job *job)
{
    if (job->waits)
        DL_DELETE(hub->jobs, job);
    job->waits = false;
}

/* One piece of each that asked before this turn, those first that have waited longest. */
static void run_jobs(struct hub *hub)
{
    const struct host *host = &hub->host;
    const int64_t end = host->clock(host->context) + JOBS_SLICE;
    const uint64_t round = ++hub->round;
    while (hub->jobs && hub->jobs->round != round) {
        struct job *job = hub->jobs;
        hub_forget_job(hub, job);
        job->run(job);
        if (host->clock(host->context) >= end)
            break;
    }
}

void hub_run_later(struct hub *hub)
{
    const struct host *host = &hub->host;
    const enum part part = host->enter(host->context, PART_FILES);
    uint64_t number;
    continue_transfers(hub);
    host->enter(host->context, PART_CONSOLE);
    if (hub->jobs)
        run_jobs(hub);
    host->enter(host->context, part);
    if (hub->jobs || find_ready(hub, &number, 1) > 0)
        hub->host.later(hub->host.context);
}
