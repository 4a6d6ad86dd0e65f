/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Requests and responses over UDP: each client has up to a given number of datagrams under way;
 * one that does not come back in time is lost and makes room for another.
 */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>

#include "base/datagram.h"
#include "telex-bench/client.h"
#include "telex-bench/clock.h"
#include "telex-bench/datagrams.h"
#include "telex-bench/mode.h"
#include "telex-bench/run.h"

enum { NONE = UINT32_MAX };

/* A datagram that may be under way. Sequence numbers are slot numbers modulo the depth. */
struct slot {
    int64_t due;
    int64_t sent; /* 0: not under way */
    uint32_t sequence;
    uint32_t next; /* slot in the same list: unused, to be sent, or waiting */
};

/* Slots, the oldest first; NONE: there is none. */
struct queue {
    uint32_t first, last;
};

struct udp_echo {
    struct client client;
    uint32_t unused;      /* a stack */
    struct queue out;     /* to be sent */
    struct queue waiting; /* for answers that bear no number; else empty */
    bool full;            /* the socket takes no more */
    struct slot slots[];
};

static size_t udp_echo_size(const struct settings *settings)
{
    return sizeof(struct udp_echo) + settings->depth * sizeof(struct slot);
}

static void queue_add(struct udp_echo *echo, struct queue *queue, uint32_t slot)
{
    echo->slots[slot].next = NONE;
    if (queue->first == NONE)
        queue->first = slot;
    else
        echo->slots[queue->last].next = slot;
    queue->last = slot;
}

static uint32_t queue_take(struct udp_echo *echo, struct queue *queue)
{
    uint32_t slot = queue->first;
    queue->first = echo->slots[slot].next;
    return slot;
}

/* What was sent comes back with its number; what is spelled out has none. */
static bool is_numbered(const struct udp_echo *echo)
{
    return !echo->client.run->settings->exchange.send.data;
}

static void push_unused(struct udp_echo *echo, uint32_t slot)
{
    echo->slots[slot].sent = 0;
    echo->slots[slot].next = echo->unused;
    echo->unused = slot;
}

static void udp_echo_start(struct client *client, int64_t now)
{
    struct udp_echo *echo = (struct udp_echo *)client;
    uint32_t depth = (uint32_t)client->run->settings->depth;
    echo->unused = echo->out.first = echo->waiting.first = NONE;
    for (uint32_t i = depth; i-- > 0;) {
        echo->slots[i].sequence = i;
        push_unused(echo, i);
    }
    poller_change(&client->run->poller, &client->source, EPOLLIN);
    pace_offer(&client->run->pace, client, depth, now);
}

static void udp_echo_begin(struct client *client, int64_t due)
{
    struct udp_echo *echo = (struct udp_echo *)client;
    uint32_t number = echo->unused;
    struct slot *slot = &echo->slots[number];
    echo->unused = slot->next;
    slot->due = due;
    queue_add(echo, &echo->out, number);
}

/* Fills the batch from the queue, without taking anything off it. */
static void fill(struct udp_echo *echo, struct datagrams *batch)
{
    datagrams_clear(batch);
    for (uint32_t i = echo->out.first; i != NONE && !datagrams_full(batch);
         i = echo->slots[i].next)
        datagrams_add(batch, echo->client.number, echo->slots[i].sequence);
}

static void take_sent(struct udp_echo *echo, size_t count, int64_t now)
{
    struct run *run = echo->client.run;
    for (size_t i = 0; i < count; i++) {
        uint32_t number = queue_take(echo, &echo->out);
        echo->slots[number].sent = now;
        if (!is_numbered(echo))
            queue_add(echo, &echo->waiting, number);
    }
    run->tally.sent += count;
    run->under_way += count;
}

static void udp_echo_flush(struct client *client, int64_t now)
{
    struct udp_echo *echo = (struct udp_echo *)client;
    struct datagrams *batch = client->run->datagrams;
    if (client->run->pace.stopped)
        return;
    while (echo->out.first != NONE && !echo->full && !client->dead) {
        fill(echo, batch);
        ssize_t count = datagrams_send(batch, client->source.fd);
        if (count > 0) {
            take_sent(echo, (size_t)count, now);
        } else if (count == 0) {
            echo->full = true;
            poller_change(&client->run->poller, &client->source, EPOLLIN | EPOLLOUT);
        } else {
            client_fail(client);
        }
    }
}

static bool is_late(const struct run *run, const struct slot *slot, int64_t now)
{
    return now - slot->sent > run->settings->wait * CLOCK_MICROSECOND;
}

/* The datagram is not under way any more; the slot gets its next number. */
static void leave(struct udp_echo *echo, uint32_t number, int64_t now)
{
    struct run *run = echo->client.run;
    uint32_t depth = (uint32_t)run->settings->depth;
    struct slot *slot = &echo->slots[number];
    run->under_way--;
    slot->sequence = slot->sequence > UINT32_MAX - depth ? number : slot->sequence + depth;
    push_unused(echo, number);
    pace_offer(&run->pace, &echo->client, 1, now);
}

static void lose(struct udp_echo *echo, uint32_t number, int64_t now)
{
    struct run *run = echo->client.run;
    if (echo->slots[number].sent >= run->begin)
        run->tally.lost++;
    leave(echo, number, now);
}

/* Of those that wait, the ones that are late; the first is the oldest. */
static void lose_late(struct udp_echo *echo, int64_t now)
{
    while (echo->waiting.first != NONE &&
           is_late(echo->client.run, &echo->slots[echo->waiting.first], now))
        lose(echo, queue_take(echo, &echo->waiting), now);
}

/* An answer without a number is the one to the message that has waited longest. */
static void take_next(struct udp_echo *echo, const struct datagram *datagram, int64_t now)
{
    struct run *run = echo->client.run;
    if (!datagram->right) {
        tally_mismatch(&run->tally,
                       "client %u: a datagram of %zu bytes came that is not expected",
                       echo->client.number, datagram->size);
        return;
    }
    lose_late(echo, now);
    if (echo->waiting.first == NONE)
        return; /* a second copy, or later than --wait */
    uint32_t number = queue_take(echo, &echo->waiting);
    run_count(run, now - echo->slots[number].due);
    leave(echo, number, now);
}

static void take(struct udp_echo *echo, const struct datagram *datagram, int64_t now)
{
    struct run *run = echo->client.run;
    uint32_t number = datagram->sequence % (uint32_t)run->settings->depth;
    struct slot *slot = &echo->slots[number];
    if (!datagram->right || datagram->source != echo->client.number) {
        tally_mismatch(&run->tally,
                       "client %u: a datagram of %zu bytes came back that was never sent",
                       echo->client.number, datagram->size);
        return;
    }
    if (slot->sent == 0 || slot->sequence != datagram->sequence)
        return; /* a second copy, or later than --wait */
    if (is_late(run, slot, now)) {
        lose(echo, number, now);
        return;
    }
    run_count(run, now - slot->due);
    leave(echo, number, now);
}

static void udp_echo_ready(struct poller_source *source, uint32_t events)
{
    struct client *client = (struct client *)source;
    struct udp_echo *echo = (struct udp_echo *)client;
    struct datagrams *batch = client->run->datagrams;
    if (events & EPOLLOUT) {
        echo->full = false;
        poller_change(&client->run->poller, source, EPOLLIN);
    }
    ssize_t count = datagrams_receive(batch, source->fd);
    if (count < 0) {
        client_fail(client);
        return;
    }
    int64_t now = clock_now();
    for (ssize_t i = 0; i < count; i++) {
        struct datagram datagram = datagrams_get(batch, (size_t)i);
        if (is_numbered(echo))
            take(echo, &datagram, now);
        else
            take_next(echo, &datagram, now);
    }
    udp_echo_flush(client, now);
}

static void udp_echo_tick(struct client *client, int64_t now)
{
    struct udp_echo *echo = (struct udp_echo *)client;
    uint32_t depth = (uint32_t)client->run->settings->depth;
    lose_late(echo, now);
    for (uint32_t i = 0; is_numbered(echo) && i < depth; i++) {
        if (echo->slots[i].sent > 0 && is_late(client->run, &echo->slots[i], now))
            lose(echo, i, now);
    }
    udp_echo_flush(client, now);
}

static void udp_echo_clock(const struct client *client, int64_t now, struct histogram *latency)
{
    const struct udp_echo *echo = (const struct udp_echo *)client;
    for (uint32_t i = echo->out.first; i != NONE; i = echo->slots[i].next)
        histogram_add(latency, now - echo->slots[i].due);
}

const struct mode mode_udp_echo = {
    .name = "echo",
    .datagrams = true,
    .size = 64,
    .size_least = DATAGRAMS_LEAST,
    .size_most = DATAGRAM_MAX,
    .depth_most = 65536,
    .client_size = udp_echo_size,
    .ready = udp_echo_ready,
    .start = udp_echo_start,
    .begin = udp_echo_begin,
    .flush = udp_echo_flush,
    .tick = udp_echo_tick,
    .clock = udp_echo_clock,
};
