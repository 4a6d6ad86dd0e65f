/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A pipe full of bytes both ways: each client writes as long as its socket takes anything. Of
 * the writes under way one at a time is clocked.
 */
#include <sys/epoll.h>

#include "telex-bench/client.h"
#include "telex-bench/clock.h"
#include "telex-bench/flow.h"
#include "telex-bench/mode.h"
#include "telex-bench/run.h"

enum { WRITTEN_A_TURN = 64 << 10 }; /* then the others have theirs */

struct stream {
    struct client client;
    struct flow flow;
    uint64_t begun;   /* bytes of all writes so far */
    uint64_t next;    /* where the write ends that comes back now */
    uint64_t clocked; /* where the one ends that is clocked; 0: none is */
    int64_t clock;    /* when that was due */
    bool waits;       /* for room in the socket */
};

static size_t stream_size(const struct settings *settings)
{
    (void)settings;
    return sizeof(struct stream);
}

static void stream_start(struct client *client, int64_t now)
{
    struct stream *stream = (struct stream *)client;
    flow_init(&stream->flow, client->run, client->number);
    stream->next = client->run->settings->size;
    stream->waits = true;
    /* Level-triggered: what one turn leaves is ready in the next. */
    poller_change(&client->run->poller, &client->source, EPOLLIN | EPOLLOUT);
    pace_offer(&client->run->pace, client, 1, now);
}

static void stream_begin(struct client *client, int64_t due)
{
    struct stream *stream = (struct stream *)client;
    stream->begun += client->run->settings->size;
    if (stream->clocked > 0)
        return;
    stream->clocked = stream->begun;
    stream->clock = due;
}

static void wait_for_room(struct stream *stream, bool waits)
{
    if (stream->waits == waits)
        return;
    stream->waits = waits;
    poller_change(&stream->client.run->poller, &stream->client.source,
                  waits ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

static void stream_flush(struct client *client, int64_t now)
{
    struct stream *stream = (struct stream *)client;
    uint64_t end = stream->flow.sent + WRITTEN_A_TURN;
    ssize_t sent = 1;
    while (sent > 0 && stream->flow.sent < end && stream->flow.sent < stream->begun) {
        sent = flow_send(&stream->flow, client, stream->begun - stream->flow.sent);
        if (stream->flow.sent == stream->begun)
            pace_offer(&client->run->pace, client, 1, now);
    }
    if (sent < 0)
        client_fail(client);
    else
        wait_for_room(stream, stream->flow.sent < stream->begun);
}

/* Counts the writes that have come back whole. */
static void take(struct stream *stream, uint64_t size)
{
    struct run *run = stream->client.run;
    uint64_t whole = run->settings->size;
    run->tally.bytes += size;
    for (; stream->next <= stream->flow.received; stream->next += whole)
        run->tally.operations++;
    if (stream->clocked == 0 || stream->flow.received < stream->clocked)
        return;
    histogram_add(&run->tally.latency, clock_now() - stream->clock);
    stream->clocked = 0;
}

/* False: it is over. */
static bool receive(struct stream *stream)
{
    struct client *client = &stream->client;
    ssize_t size = flow_receive(&stream->flow, client);
    if (size == FLOW_BROKEN)
        client_fail(client);
    else if (size == FLOW_WRONG)
        client_end(client);
    else
        take(stream, (uint64_t)size);
    return size >= 0;
}

static void stream_ready(struct poller_source *source, uint32_t events)
{
    struct client *client = (struct client *)source;
    struct stream *stream = (struct stream *)client;
    if (events & ~(uint32_t)EPOLLOUT && !receive(stream))
        return;
    while (client->wire && wire_has_more(client->wire))
        if (!receive(stream))
            return;
    if (events & EPOLLOUT)
        stream_flush(client, clock_now());
}

static void stream_clock(const struct client *client, int64_t now, struct histogram *latency)
{
    const struct stream *stream = (const struct stream *)client;
    if (stream->clocked > 0)
        histogram_add(latency, now - stream->clock);
}

static uint64_t stream_under_way(const struct client *client)
{
    const struct stream *stream = (const struct stream *)client;
    uint64_t size = client->run->settings->size;
    return (stream->begun + size - stream->next) / size;
}

const struct mode mode_stream = {
    .name = "stream",
    .size = 16 << 10,
    .size_least = 1,
    .size_most = 1 << 30,
    .depth_most = 1,
    .client_size = stream_size,
    .ready = stream_ready,
    .start = stream_start,
    .begin = stream_begin,
    .flush = stream_flush,
    .clock = stream_clock,
    .under_way = stream_under_way,
};
