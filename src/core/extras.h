/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What few peers have at a time, behind one pointer of the peer that is NULL for all others: of
 * tens of thousands that only listen none pays for a file that goes to one of them.
 */
#ifndef TELEX_CORE_EXTRAS_H
#define TELEX_CORE_EXTRAS_H

#include "core/eol.h"
#include "core/peer.h"
#include "framing/framing.h"

struct feed;
struct join;
struct peer_fault;

struct extras {
    struct feed *feed;        /* what goes to it at its pace: feed_of */
    struct framing *framing;  /* in place of the profile's, owned: core/ways.h */
    struct peer_fault *fault; /* treats what comes from it badly: core/faults.h */
    void *agent;              /* its agent's state, owned: agent_state */
    struct join *joins;       /* with those that it is joined to: core/join.h */
    char *why;                /* it ends, in words; owned */
    unsigned holds;           /* those that hold it: core/hold.h */
    unsigned char eol;        /* enum eol, likewise */
    bool ends;                /* it is closed when its queue is empty, */
    unsigned char reason;     /* with that enum close_reason */
    bool breaks;              /* its end is to look like the loss of the line */
};

extern const struct extras extras_none; /* nothing is in them */

/* Never NULL. Borrowed until they change. */
static inline const struct extras *extras_of(const struct peer *peer)
{
    return peer->extras ? peer->extras : &extras_none;
}

/* Makes them where there are none; whoever takes something out calls extras_tidy. */
struct extras *extras_need(struct peer *peer);
/* Frees them where nothing is in them any more. */
void extras_tidy(struct peer *peer);
/* Why it ends, for its close event; NULL: as it was. */
void extras_say_why(struct peer *peer, const char *why);
/* With all that is in them, but for the feed, which is its source's, fault
 * (faults_drop) and joins (join_free_all). */
void extras_free(struct peer *peer);

#endif
