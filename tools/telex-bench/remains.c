/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/remains.h"

#include "telex-bench/run.h"

void remains_clock(struct run *run)
{
    struct histogram *latency = &run->tally.latency;
    if (!run_is_paced(run))
        return;
    histogram_add_even(latency, run->end - run->pace.due, pace_overdue(&run->pace, run->end));
    for (uint64_t i = 0; i < run->settings->clients; i++) {
        const struct client *client = run_client(run, i);
        if (!client->dead)
            run->mode->clock(client, run->end, latency);
    }
}

static uint64_t under_way(const struct client *client)
{
    const struct mode *mode = client->run->mode;
    return mode->under_way && !client->dead ? mode->under_way(client) : 0;
}

bool remains_any(struct run *run)
{
    while (run->finished < run->settings->clients &&
           under_way(run_client(run, run->finished)) == 0)
        run->finished++;
    return run->finished < run->settings->clients;
}

void remains_count(struct run *run)
{
    for (uint64_t i = 0; i < run->settings->clients; i++) {
        const struct client *client = run_client(run, i);
        run->unanswered += under_way(client);
        run->ignored += client->asked && !client->answered && !client->dead;
    }
}
