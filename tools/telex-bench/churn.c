/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Connections that come and go: each client connects, has one message echoed, closes and does
 * it again. It closes first and has read everything, so the close is an orderly one, and its
 * port rests afterwards (see target_dial).
 */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>

#include "telex-bench/client.h"
#include "telex-bench/clock.h"
#include "telex-bench/flow.h"
#include "telex-bench/mode.h"
#include "telex-bench/run.h"

struct churn {
    struct client client;
    struct flow flow;
    int64_t due;
    bool wanted;    /* a connection is to be opened */
    bool resting;   /* it is, but not before the next tick */
    bool connected; /* as far as is known */
    bool proven;    /* an operation of this client has succeeded */
};

static size_t churn_size(const struct settings *settings)
{
    (void)settings;
    return sizeof(struct churn);
}

static void churn_start(struct client *client, int64_t now)
{
    pace_offer(&client->run->pace, client, 1, now);
}

static void churn_begin(struct client *client, int64_t due)
{
    struct churn *churn = (struct churn *)client;
    churn->due = due;
    churn->wanted = true;
}

/*
 * The connection was not what it should be, and has been counted. A server that has answered
 * this client before may do so again.
 */
static void give_up(struct churn *churn)
{
    if (!churn->proven) {
        client_end(&churn->client);
        return;
    }
    client_close(&churn->client);
    churn->resting = true;
}

static void fail(struct churn *churn)
{
    client_count_error(&churn->client);
    give_up(churn);
}

/* Sends what is left of the message; the first byte that is taken proves the connection. */
static void send_rest(struct churn *churn)
{
    struct client *client = &churn->client;
    int64_t now = clock_now();
    ssize_t sent = 1;
    while (sent > 0 && churn->flow.sent < client->run->settings->size)
        sent = flow_send(&churn->flow, client, client->run->settings->size - churn->flow.sent);
    if (!churn->connected && churn->flow.sent > 0) {
        churn->connected = true;
        histogram_add(&client->run->tally.connect, now - client->called);
    }
    if (sent < 0)
        fail(churn);
}

/*
 * Ports, or the server's queue of callers, are used up for a moment. To find that out costs the
 * kernel a long search, so nobody tries again before the next tick.
 */
static void wait_for_room(struct run *run, int64_t now)
{
    run->next_call = now + run->mode->tick_interval;
    run->out_of_ports |= errno == EADDRNOTAVAIL;
}

static bool call(struct churn *churn)
{
    struct client *client = &churn->client;
    struct run *run = client->run;
    client->called = clock_now();
    if (client->called < run->next_call)
        return false;
    if (client_call(client)) {
        churn->wanted = churn->connected = false;
        flow_init(&churn->flow, run, run->target.dialled);
        return true;
    }
    if (errno == EAGAIN || errno == EADDRNOTAVAIL) {
        wait_for_room(run, client->called);
        return false;
    }
    churn->wanted = false;
    fail(churn);
    return false;
}

static void churn_flush(struct client *client, int64_t now)
{
    struct churn *churn = (struct churn *)client;
    uint64_t size = client->run->settings->size;
    (void)now;
    if (!churn->wanted || !call(churn))
        return;
    send_rest(churn); /* to a server on this machine it is connected by now */
    if (client->source.fd < 0)
        return;
    client->source.ready = client->run->mode->ready;
    uint32_t events = churn->flow.sent == size ? EPOLLIN : EPOLLIN | EPOLLOUT;
    if (!poller_add(&client->run->poller, &client->source, events | EPOLLET))
        fail(churn);
}

static void receive(struct churn *churn)
{
    struct client *client = &churn->client;
    struct run *run = client->run;
    ssize_t size = flow_receive(&churn->flow, client);
    while (size > 0 && churn->flow.received < run->settings->size)
        size = flow_receive(&churn->flow, client);
    if (size == FLOW_BROKEN)
        fail(churn);
    else if (size == FLOW_WRONG)
        give_up(churn);
    if (size <= 0)
        return;
    int64_t now = clock_now();
    run_count(run, now - churn->due);
    client_close(client);
    churn->proven = true;
    pace_offer(&run->pace, client, 1, now);
}

static void churn_ready(struct poller_source *source, uint32_t events)
{
    struct client *client = (struct client *)source;
    struct churn *churn = (struct churn *)client;
    if (events & EPOLLOUT || churn->flow.sent < client->run->settings->size)
        send_rest(churn); /* greetings come first, and they come in */
    if (source->fd >= 0 && events & ~(uint32_t)EPOLLOUT)
        receive(churn);
    churn_flush(client, 0);
}

static void churn_tick(struct client *client, int64_t now)
{
    struct churn *churn = (struct churn *)client;
    churn->wanted |= churn->resting;
    churn->resting = false;
    churn_flush(client, now);
}

static void churn_clock(const struct client *client, int64_t now, struct histogram *latency)
{
    const struct churn *churn = (const struct churn *)client;
    if (client->source.fd >= 0 || churn->wanted || churn->resting)
        histogram_add(latency, now - churn->due);
}

/* What was never called for want of a port, or is to be tried again, is no server's fault. */
static uint64_t churn_under_way(const struct client *client)
{
    return client->source.fd >= 0;
}

const struct mode mode_churn = {
    .name = "churn",
    .connects = true,
    .size = 64,
    .size_least = 1,
    .size_most = 1 << 30,
    .depth_most = 1,
    .tick_interval = 5 * CLOCK_MILLISECOND,
    .client_size = churn_size,
    .ready = churn_ready,
    .start = churn_start,
    .begin = churn_begin,
    .flush = churn_flush,
    .tick = churn_tick,
    .clock = churn_clock,
    .under_way = churn_under_way,
};
