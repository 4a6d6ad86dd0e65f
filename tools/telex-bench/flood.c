/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/flood.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "telex-bench/clock.h"
#include "telex-bench/datagrams.h"

struct flood_source {
    struct poller_source source; /* first: epoll gives it back */
    struct flood *flood;
    uint32_t number;
    uint32_t sequence; /* of the next one */
    uint32_t counted;  /* the first one that counts */
    uint64_t
        *awaited; /* a ring of flood->window bits: whether each of the last is to come yet */
};

enum { WINDOW_LEAST = 1 << 10, WINDOW_MOST = 1 << 22, WORD = 64 };

/* What a late turn may send at once: more would be a burst that nobody asked for. */
static const int64_t most_behind = 20 * CLOCK_MILLISECOND;

static void fail(struct flood_source *source)
{
    tally_error(source->flood->tally, "flood source %u: %s", source->number, strerror(errno));
    close(source->source.fd);
    source->source.fd = -1;
    if (--source->flood->alive == 0)
        source->flood->running = false;
}

/* How many of its last datagrams a source knows: what it sends in --wait, and as many again. */
static uint32_t window_for(const struct settings *settings)
{
    double wait = (double)settings->wait / 1e6;
    double wanted = 2 * wait * (double)settings->flood_rate / (double)settings->flood_sources;
    uint32_t window = WINDOW_LEAST;
    while (window < WINDOW_MOST && window < wanted)
        window *= 2;
    return window;
}

static void await(struct flood_source *source, uint32_t sequence)
{
    uint32_t place = sequence & (source->flood->window - 1);
    source->awaited[place / WORD] |= UINT64_C(1) << place % WORD;
}

/* Whether it is the first copy of one of the last that were sent. */
static bool is_awaited(struct flood_source *source, uint32_t sequence)
{
    uint32_t place = sequence & (source->flood->window - 1);
    uint64_t bit = UINT64_C(1) << place % WORD;
    uint32_t age = source->sequence - sequence;
    bool awaited =
        age > 0 && age <= source->flood->window && (source->awaited[place / WORD] & bit) != 0;
    if (awaited)
        source->awaited[place / WORD] &= ~bit;
    return awaited;
}

static void take(struct flood_source *source, const struct datagram *datagram)
{
    struct flood *flood = source->flood;
    if (!datagram->right || datagram->source != source->number)
        tally_mismatch(flood->tally,
                       "flood source %u: a datagram of %zu bytes came back that was never sent",
                       source->number, datagram->size);
    else if (is_awaited(source, datagram->sequence) &&
             datagram->sequence - source->counted < source->sequence - source->counted)
        flood->answered++;
}

static void flood_ready(struct poller_source *ready, uint32_t events)
{
    struct flood_source *source = (struct flood_source *)ready;
    struct datagrams *batch = source->flood->datagrams;
    ssize_t count = datagrams_receive(batch, ready->fd);
    (void)events;
    for (ssize_t i = 0; i < count; i++) {
        struct datagram datagram = datagrams_get(batch, (size_t)i);
        take(source, &datagram);
    }
    if (count < 0)
        fail(source);
}

static bool open_source(struct flood *flood, uint64_t number, struct poller *poller)
{
    struct flood_source *source = &flood->sources[number];
    source->source.ready = flood_ready;
    source->source.fd = target_dial(&flood->target);
    source->flood = flood;
    source->number = (uint32_t)number;
    source->awaited = mem_zalloc(flood->window / WORD * sizeof *source->awaited);
    flood->alive++;
    return source->source.fd >= 0 && poller_add(poller, &source->source, EPOLLIN);
}

bool flood_init(struct flood *flood, const struct settings *settings, struct poller *poller,
                struct tally *tally, const uint8_t *pattern, char **error)
{
    *flood = (struct flood){.settings = settings, .tally = tally};
    if (!settings->flood.host)
        return true;
    if (!target_init(&flood->target, &settings->flood, error))
        return false;
    flood->datagrams = datagrams_create(pattern, FLOOD_SIZE, DATAGRAMS_BATCH);
    flood->window = window_for(settings);
    flood->sources = mem_zalloc(settings->flood_sources * sizeof *flood->sources);
    for (uint64_t i = 0; i < settings->flood_sources; i++)
        flood->sources[i].source.fd = -1;
    for (uint64_t i = 0; i < settings->flood_sources; i++) {
        if (open_source(flood, i, poller))
            continue;
        *error = mem_printf("cannot flood %s: %s", flood->target.text, strerror(errno));
        return false;
    }
    return true;
}

void flood_finish(struct flood *flood)
{
    for (uint64_t i = 0; flood->sources && i < flood->settings->flood_sources; i++) {
        if (flood->sources[i].source.fd >= 0)
            close(flood->sources[i].source.fd);
        free(flood->sources[i].awaited);
    }
    free(flood->sources);
    datagrams_destroy(flood->datagrams);
    target_finish(&flood->target);
}

void flood_start(struct flood *flood, int64_t now)
{
    flood->start = now;
    flood->running = flood->sources;
}

void flood_begin(struct flood *flood)
{
    flood->sent = flood->answered = 0;
    for (uint64_t i = 0; flood->sources && i < flood->settings->flood_sources; i++)
        flood->sources[i].counted = flood->sources[i].sequence;
}

void flood_stop(struct flood *flood)
{
    flood->running = false;
}

/* Sends up to a batch of count from the source whose turn it is; returns how many went out. */
static uint64_t send_some(struct flood *flood, uint64_t count)
{
    struct flood_source *source = &flood->sources[flood->turn];
    flood->turn = (flood->turn + 1) % flood->settings->flood_sources;
    if (source->source.fd < 0)
        return 0;
    datagrams_clear(flood->datagrams);
    for (uint32_t i = 0; i < count && !datagrams_full(flood->datagrams); i++)
        datagrams_add(flood->datagrams, source->number, source->sequence + i);
    ssize_t sent = datagrams_send(flood->datagrams, source->source.fd);
    if (sent < 0)
        fail(source);
    if (sent <= 0)
        return 0;
    for (ssize_t i = 0; i < sent; i++)
        await(source, source->sequence++);
    return (uint64_t)sent;
}

static int64_t time_of(const struct flood *flood, uint64_t number)
{
    return flood->start +
           (int64_t)((double)number * CLOCK_SECOND / (double)flood->settings->flood_rate);
}

void flood_turn(struct flood *flood, int64_t now)
{
    if (!flood->running)
        return;
    uint64_t rate = flood->settings->flood_rate;
    uint64_t passed = (uint64_t)((double)(now - flood->start) / CLOCK_SECOND * (double)rate);
    uint64_t most = (uint64_t)((double)most_behind / CLOCK_SECOND * (double)rate) + 1;
    if (passed - flood->due > most)
        flood->due = passed - most;
    for (uint64_t i = 0; flood->due < passed && i < flood->settings->flood_sources; i++) {
        uint64_t sent = send_some(flood, passed - flood->due);
        flood->sent += sent;
        flood->due += sent;
    }
}

int64_t flood_next(const struct flood *flood)
{
    return flood->running ? time_of(flood, flood->due + 1) : INT64_MAX;
}
