/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * UDP sources that a server knows and that are silent: each sends one datagram. Whether it is
 * answered is counted, but what with does not matter.
 */
#include <sys/epoll.h>

#include "base/datagram.h"
#include "telex-bench/client.h"
#include "telex-bench/clock.h"
#include "telex-bench/datagrams.h"
#include "telex-bench/mode.h"
#include "telex-bench/run.h"

struct udp_idle {
    struct client client;
    int64_t due;
    int64_t sent; /* 0: not under way, or no more */
    bool wanted;  /* to be sent */
};

static size_t udp_idle_size(const struct settings *settings)
{
    (void)settings;
    return sizeof(struct udp_idle);
}

static void udp_idle_start(struct client *client, int64_t now)
{
    poller_change(&client->run->poller, &client->source, EPOLLIN);
    pace_offer(&client->run->pace, client, 1, now);
}

static void udp_idle_begin(struct client *client, int64_t due)
{
    struct udp_idle *idle = (struct udp_idle *)client;
    idle->due = due;
    idle->wanted = true;
}

static void udp_idle_flush(struct client *client, int64_t now)
{
    struct udp_idle *idle = (struct udp_idle *)client;
    struct run *run = client->run;
    if (!idle->wanted || run->pace.stopped)
        return;
    datagrams_clear(run->datagrams);
    datagrams_add(run->datagrams, client->number, 0);
    ssize_t count = datagrams_send(run->datagrams, client->source.fd);
    if (count < 0)
        client_fail(client);
    if (count <= 0)
        return; /* no room: the next tick tries again */
    idle->wanted = false;
    idle->sent = now;
    run->tally.sent++;
    run->under_way++;
}

static void udp_idle_ready(struct poller_source *source, uint32_t events)
{
    struct udp_idle *idle = (struct udp_idle *)source;
    struct run *run = idle->client.run;
    ssize_t count = datagrams_receive(run->datagrams, source->fd);
    (void)events;
    if (count < 0)
        client_fail(&idle->client);
    if (count <= 0 || idle->sent == 0)
        return;
    histogram_add(&run->tally.latency, clock_now() - idle->due);
    idle->sent = 0;
    run->under_way--;
}

static void udp_idle_tick(struct client *client, int64_t now)
{
    struct udp_idle *idle = (struct udp_idle *)client;
    struct run *run = client->run;
    udp_idle_flush(client, now);
    if (idle->sent == 0 || now - idle->sent <= run->settings->wait * CLOCK_MICROSECOND)
        return;
    idle->sent = 0;
    run->tally.lost++;
    run->under_way--;
}

const struct mode mode_udp_idle = {
    .name = "idle",
    .datagrams = true,
    .holds = true,
    .size = 64,
    .size_least = DATAGRAMS_LEAST,
    .size_most = DATAGRAM_MAX,
    .depth_most = 1,
    .rate = 20000,
    .client_size = udp_idle_size,
    .ready = udp_idle_ready,
    .start = udp_idle_start,
    .begin = udp_idle_begin,
    .flush = udp_idle_flush,
    .tick = udp_idle_tick,
};
