/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Requests and responses over streams: each client has up to a given number of messages under
 * way, and sends another for each that has come back whole.
 */
#include <sys/epoll.h>

#include "telex-bench/client.h"
#include "telex-bench/clock.h"
#include "telex-bench/flow.h"
#include "telex-bench/mode.h"
#include "telex-bench/pattern.h"
#include "telex-bench/run.h"

/* The end of a stream is an event of its own: it may stand right behind the last bytes. */
static const uint32_t wanted = EPOLLIN | EPOLLRDHUP | EPOLLET;

struct echo {
    struct client client;
    struct flow flow;
    uint64_t begun; /* bytes of all messages so far */
    uint64_t next;  /* where the answer ends that comes now */
    uint32_t oldest;
    uint32_t under_way;
    bool full;     /* the socket took less than there was */
    int64_t due[]; /* a ring of settings->depth: when each under way was due */
};

static size_t echo_size(const struct settings *settings)
{
    return sizeof(struct echo) + settings->depth * sizeof(int64_t);
}

static void echo_start(struct client *client, int64_t now)
{
    struct echo *echo = (struct echo *)client;
    flow_init(&echo->flow, client->run, client->number);
    echo->next = client->run->settings->answer;
    poller_change(&client->run->poller, &client->source, wanted);
    pace_offer(&client->run->pace, client, (uint32_t)client->run->settings->depth, now);
}

static void echo_begin(struct client *client, int64_t due)
{
    struct echo *echo = (struct echo *)client;
    const struct settings *settings = client->run->settings;
    uint32_t newest = echo->oldest + echo->under_way++;
    if (newest >= settings->depth)
        newest -= (uint32_t)settings->depth;
    echo->due[newest] = due;
    echo->begun += settings->size;
}

static void echo_flush(struct client *client, int64_t now)
{
    struct echo *echo = (struct echo *)client;
    (void)now;
    while (echo->flow.sent < echo->begun && !echo->full) {
        ssize_t sent = flow_send(&echo->flow, client, echo->begun - echo->flow.sent);
        if (sent < 0) {
            client_fail(client);
            return;
        }
        if (sent == 0) {
            echo->full = true;
            poller_change(&client->run->poller, &client->source, wanted | EPOLLOUT);
        }
    }
}

/* Counts the messages that are whole now, and makes room for as many. */
static void take(struct echo *echo, int64_t now)
{
    struct run *run = echo->client.run;
    uint32_t done = 0;
    for (; echo->next <= echo->flow.received; echo->next += run->settings->answer) {
        run_count(run, now - echo->due[echo->oldest]);
        if (++echo->oldest == run->settings->depth)
            echo->oldest = 0;
        done++;
    }
    echo->under_way -= done;
    pace_offer(&run->pace, &echo->client, done, now);
}

static void echo_ready(struct poller_source *source, uint32_t events)
{
    struct client *client = (struct client *)source;
    struct echo *echo = (struct echo *)client;
    ssize_t size = PATTERN_PIECE;
    if (events & EPOLLOUT)
        echo->full = false;
    /* Less than that was all, and more brings a new edge; an end that is there has had its. */
    while (size == PATTERN_PIECE || (size > 0 && events & EPOLLRDHUP)) {
        size = flow_receive(&echo->flow, client);
        if (size == FLOW_BROKEN)
            client_fail(client);
        else if (size == FLOW_WRONG)
            client_end(client);
        if (size < 0)
            return;
        if (size > 0)
            take(echo, clock_now());
        echo_flush(client, 0);
        if (client->dead)
            return;
    }
}

static void echo_clock(const struct client *client, int64_t now, struct histogram *latency)
{
    const struct echo *echo = (const struct echo *)client;
    uint64_t depth = client->run->settings->depth;
    for (uint64_t i = 0; i < echo->under_way; i++)
        histogram_add(latency, now - echo->due[(echo->oldest + i) % depth]);
}

static uint64_t echo_under_way(const struct client *client)
{
    return ((const struct echo *)client)->under_way;
}

const struct mode mode_echo = {
    .name = "echo",
    .size = 64,
    .size_least = 1,
    .size_most = 1 << 30,
    .depth_most = 65536,
    .client_size = echo_size,
    .ready = echo_ready,
    .start = echo_start,
    .begin = echo_begin,
    .flush = echo_flush,
    .clock = echo_clock,
    .under_way = echo_under_way,
};
