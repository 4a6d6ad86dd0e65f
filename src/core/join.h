/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines that are joined: what one says goes to the other, as it stood on the line where both
 * have the same framing, else message by message in the other's. One may be joined to several.
 * Whoever is joined is answered by nobody else (agent_dismiss).
 *
 * A peer is not read while one that it is joined to has no room, and datagrams are dropped
 * then, and counted. How an end passes from one to the other: core/join_end.c.
 */
#ifndef TELEX_CORE_JOIN_H
#define TELEX_CORE_JOIN_H

#include <stdbool.h>

#include "core/extras.h"
#include "core/hold.h"

struct framing_piece;
struct hub;
struct join_wait;
struct message;

/* One line's side of a join. */
struct join {
    struct peer *peer;         /* whose it is: it stands in its extras */
    struct join *mirror;       /* the other line's */
    struct hold hold;          /* of the other, while the peer takes no more */
    bool stands;               /* both are up, and join was told */
    bool device;               /* callers share the peer: it stays when they go */
    struct join_wait *waiting; /* datagrams of the peer, before the join stands */
    struct join *prev, *next;  /* utlist, of the peer's */
};

/* The first of a peer's; NULL: there is none. The next is ->next. */
static inline const struct join *join_first(const struct peer *peer)
{
    return extras_of(peer)->joins;
}

static inline struct peer *join_other(const struct join *join)
{
    return join->mirror->peer;
}

/* Whether the two can be joined; else *error (malloc'ed) is a sentence. */
bool join_possible(const struct hub *hub, const struct peer *one, const struct peer *other,
                   char **error);
/* Whether both ends of the line are this program's (core/join_own.c). */
bool join_is_own(const struct hub *hub, const struct peer *peer);
/*
 * Joins them: at once where both are up (join is told), else when the one that is called
 * stands; until then the other is not read. device: one stays when other, a caller, goes.
 */
void join_begin(struct hub *hub, struct peer *one, struct peer *other, bool device);
/* All live on, each for itself; part is told of each. Returns how many joins that were. */
unsigned join_part(struct hub *hub, struct peer *peer);

/* --- for the hub, of peers that are joined --- */

/* Gives what the peer has said to those it is joined to; *message gets their numbers. */
void join_pass(struct hub *hub, struct peer *peer, const struct framing_piece *piece,
               struct message *message);
/* Whether it is a datagram that was put by until the other line stands. */
bool join_keeps(struct hub *hub, struct peer *peer, const struct framing_piece *piece);
/* The peer is up. */
void join_opened(struct hub *hub, struct peer *peer);
/* What waits for the peer, or what it may be sent, has changed. */
void join_look(struct hub *hub, struct peer *peer);
/* Settings have changed. */
void join_look_all(struct hub *hub);

/* --- core/join_end.c --- */

struct line_end;

/* The peer has ended its side. Whether those that it is joined to will end too, so that it is
 * kept until they have. */
bool join_half_closed(struct peer *peer);
/* The peer may have ended its side already: what follows is as it is joined now. */
void join_heed_end(struct peer *peer);
/* Of a peer that is freed with the hub: the others are too. */
void join_free_all(struct peer *peer);
/* The peer's queue is empty. */
void join_drained(struct hub *hub, struct peer *peer);
/*
 * Takes off all that the peer has, and tells part; the list that is returned is for
 * join_end_all.
 */
struct join *join_take_off(struct hub *hub, struct peer *peer);
/* Ends those that were joined to the peer, as it has ended. lost: without a word. */
void join_end_all(struct hub *hub, struct join *left, const struct peer *peer,
                  const struct line_end *end, bool lost);

#endif
