/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes on in later turns of the loop: the files that are being sent. */
#include "core/hub.h"

#include "base/cast.h"
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

/* Again in the next turn, while there is one that could go on. */
static void run_files(struct job *job)
{
    struct hub *hub = container_of(job, struct hub, files);
    uint64_t number;
    continue_transfers(hub);
    if (find_ready(hub, &number, 1) > 0)
        hub_later(hub, job);
}

void hub_later_init(struct hub *hub)
{
    hub->files = (struct job){.run = run_files, .part = PART_FILES};
}

void hub_later(struct hub *hub, struct job *job)
{
    hub->host.later(hub->host.context, job);
}
