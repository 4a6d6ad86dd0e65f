/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes that go to one peer at its pace, a piece at a time: a file, a pipe. A piece is asked
 * for when the link's queue is empty, in a turn of the loop of its own, so that a source
 * without end costs one piece of memory and other peers get their turns.
 */
#ifndef TELEX_CORE_FEED_H
#define TELEX_CORE_FEED_H

#include <stdbool.h>

#include "core/extras.h"

struct feed;
struct hub;

enum feed_result {
    FEED_GOES_ON, /* asks for more once the queue is empty, at once where it is */
    FEED_RESTS,   /* only when something has been queued, and is gone */
    FEED_ENDS
};

struct feed_ops {
    /* No other send may come in between (SEND_BUSY); a close, and an end of our output, waits.
     */
    bool alone;
    /* Sends at most one piece. Neither stops nor frees the feed. */
    enum feed_result (*more)(struct feed *feed, struct hub *hub, struct peer *peer);
    /* It feeds the peer no more, and may be freed. error: why the line ended before; NULL:
     * FEED_ENDS, or the hub itself is at its end. */
    void (*over)(struct feed *feed, struct hub *hub, struct peer *peer, const char *error);
};

/* Embedded in the source; ops is to be filled in. */
struct feed {
    const struct feed_ops *ops;
    struct peer *peer; /* NULL: it feeds nobody */
    bool rests;
    struct feed *prev, *next; /* the hub's list */
};

/* Pieces a turn of the loop for all peers together. */
enum { FEED_PIECES_A_TURN = 16 };

/* Begins with the next turn; the peer has none so far. */
void feed_start(struct hub *hub, struct feed *feed, struct peer *peer);
/* Ends it without a word to it. Nothing happens where it feeds nobody. */
void feed_stop(struct hub *hub, struct feed *feed);
/* What feeds the peer, or NULL. */
static inline struct feed *feed_of(const struct peer *peer)
{
    return extras_of(peer)->feed;
}

/* Whether a feed has the peer for itself. */
static inline bool feed_is_alone(const struct peer *peer)
{
    const struct feed *feed = feed_of(peer);
    return feed && feed->ops->alone;
}

/* --- for the hub --- */

void feed_init(struct hub *hub);
/* The peer's queue has become empty. */
void feed_drained(struct hub *hub, struct peer *peer);
/* The peer's line ends, with error, or the hub (NULL). */
void feed_break(struct hub *hub, struct peer *peer, const char *error);

#endif
