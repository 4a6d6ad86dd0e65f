/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/pace.h"

#include <stddef.h>

#include "telex-bench/client.h"
#include "telex-bench/clock.h"
#include "telex-bench/mode.h"

void pace_init(struct pace *pace, const struct mode *mode, uint64_t rate)
{
    *pace = (struct pace){.mode = mode, .rate = rate};
    pace->end = &pace->first;
}

void pace_start(struct pace *pace, int64_t now)
{
    pace->start = pace->due = now;
}

void pace_stop(struct pace *pace)
{
    pace->stopped = true;
}

static void append(struct pace *pace, struct client *client)
{
    client->next = NULL;
    *pace->end = client;
    pace->end = &client->next;
}

static struct client *take_first(struct pace *pace)
{
    struct client *client = pace->first;
    pace->first = client->next;
    if (!pace->first)
        pace->end = &pace->first;
    return client;
}

void pace_offer(struct pace *pace, struct client *client, uint32_t count, int64_t now)
{
    if (pace->stopped)
        return;
    if (pace->rate > 0) {
        if (client->spare == 0 && count > 0)
            append(pace, client);
        client->spare += count;
        return;
    }
    for (; count > 0; count--)
        pace->mode->begin(client, now);
}

/* The time of the next one; in two parts, so that nothing overflows and nothing drifts. */
static void advance(struct pace *pace)
{
    uint64_t seconds = ++pace->begun / pace->rate, rest = pace->begun % pace->rate;
    pace->due = pace->start + (int64_t)(seconds * CLOCK_SECOND) +
                (int64_t)(rest * CLOCK_SECOND / pace->rate);
}

void pace_turn(struct pace *pace, int64_t now)
{
    while (pace->first && pace->due <= now && !pace->stopped) {
        struct client *client = take_first(pace);
        if (client->dead)
            continue;
        if (--client->spare > 0)
            append(pace, client);
        int64_t due = pace->due;
        advance(pace);
        pace->mode->begin(client, due);
        pace->mode->flush(client, now);
    }
}

int64_t pace_next(const struct pace *pace)
{
    return pace->first && !pace->stopped ? pace->due : INT64_MAX;
}

uint64_t pace_overdue(const struct pace *pace, int64_t now)
{
    if (pace->rate == 0 || pace->due > now)
        return 0;
    double behind = (double)(now - pace->due) / CLOCK_SECOND;
    return (uint64_t)(behind * (double)pace->rate) + 1;
}
