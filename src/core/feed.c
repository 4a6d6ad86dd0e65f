/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/feed.h"

#include <assert.h>

#include "base/cast.h"
#include "core/hub_parts.h"

/* --- turns --- */

/* One that has the line for itself goes on while a close waits for it. */
static bool is_ready(const struct feed *feed)
{
    return !feed->rests && peer_queued(feed->peer) == 0 &&
           (feed->ops->alone || peer_is_up(feed->peer));
}

/* Who is served next has waited longest; one that has not read yet keeps its place. */
static size_t find_ready(const struct hub *hub, uint64_t numbers[], size_t limit)
{
    const struct feed *feed;
    size_t count = 0;
    DL_FOREACH(hub->feeds, feed) {
        if (count == limit)
            break;
        if (is_ready(feed))
            numbers[count++] = feed->peer->number;
    }
    return count;
}

static void remove_feed(struct hub *hub, struct feed *feed)
{
    DL_DELETE(hub->feeds, feed);
    extras_need(feed->peer)->feed = NULL;
    extras_tidy(feed->peer);
    feed->peer = NULL;
}

static void serve(struct hub *hub, struct peer *peer)
{
    struct feed *feed = feed_of(peer);
    const struct feed_ops *ops = feed->ops;
    DL_DELETE(hub->feeds, feed);
    DL_APPEND(hub->feeds, feed);
    enum feed_result result = ops->more(feed, hub, peer);
    if (feed_of(peer) != feed)
        return; /* its piece was told, and the line closed for it */
    feed->rests = result == FEED_RESTS;
    if (result != FEED_ENDS)
        return;
    remove_feed(hub, feed);
    ops->over(feed, hub, peer, NULL);
    if (ops->alone)
        hub_alone_ended(hub, peer);
}

/*
 * Few enough pieces that the loop comes back to everything else within milliseconds. The peers
 * are found by number: whoever is told that one feed has ended may end others.
 */
static void serve_some(struct hub *hub)
{
    uint64_t numbers[FEED_PIECES_A_TURN];
    size_t count = find_ready(hub, numbers, FEED_PIECES_A_TURN);
    for (size_t i = 0; i < count; i++) {
        struct peer *peer = hub_find(hub, numbers[i]);
        if (peer && feed_of(peer) && is_ready(feed_of(peer)))
            serve(hub, peer);
    }
}

/* Again in the next turn, while there is one that could go on. */
static void run(struct job *job)
{
    struct hub *hub = container_of(job, struct hub, feeding);
    uint64_t number;
    serve_some(hub);
    if (find_ready(hub, &number, 1) > 0)
        hub_later(hub, job);
}

/* --- beginning and end --- */

void feed_init(struct hub *hub)
{
    hub->feeding = (struct job){.run = run, .part = PART_FILES};
}

void feed_start(struct hub *hub, struct feed *feed, struct peer *peer)
{
    assert(!feed_of(peer) && !feed->peer);
    feed->peer = peer;
    feed->rests = false;
    extras_need(peer)->feed = feed;
    DL_APPEND(hub->feeds, feed);
    hub_later(hub, &hub->feeding);
}

void feed_stop(struct hub *hub, struct feed *feed)
{
    struct peer *peer = feed->peer;
    if (!peer)
        return;
    remove_feed(hub, feed);
    if (feed->ops->alone)
        hub_alone_ended(hub, peer);
}

void feed_drained(struct hub *hub, struct peer *peer)
{
    struct feed *feed = feed_of(peer);
    if (!feed)
        return;
    feed->rests = false;
    hub_later(hub, &hub->feeding);
}

void feed_break(struct hub *hub, struct peer *peer, const char *error)
{
    struct feed *feed = feed_of(peer);
    if (!feed)
        return;
    remove_feed(hub, feed);
    feed->ops->over(feed, hub, peer, error);
}
