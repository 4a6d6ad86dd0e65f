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

struct extras {
    struct feed *feed;       /* what goes to it at its pace: feed_of */
    struct framing *framing; /* in place of the profile's, owned: core/ways.h */
    void *agent;             /* its agent's state, owned: agent_state */
    unsigned holds;          /* those that hold it: core/hold.h */
    unsigned char eol;       /* enum eol, likewise */
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
/* With all that is in them, but for the feed, which is its source's. */
void extras_free(struct peer *peer);

#endif
