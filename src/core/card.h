/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How things are, in values: what /peers shows of a peer, and /listeners of a listener. Like
 * told, made from what lives or read from JSON, and borrowed for the call.
 */
#ifndef TELEX_CORE_CARD_H
#define TELEX_CORE_CARD_H

#include <stddef.h>
#include <stdint.h>

#include "core/fault.h"
#include "core/told.h"
#include "core/transfer_progress.h"

/* since, where nobody has told when the peer opened. */
enum { CARD_SINCE_UNKNOWN = -1 };

struct origin;

/* Those that a peer is joined to, one after the other. */
struct card_joined {
    /* The number of the next; 0: that was the last. NULL: there are none. */
    uint64_t (*next)(struct card_joined *joined);
    const void *at; /* of whoever made it */
    size_t place;
};

/* Whether there is another one. */
static inline bool card_joined_next(struct card_joined *joined, uint64_t *number)
{
    *number = joined->next ? joined->next(joined) : 0;
    return *number != 0;
}

struct card {
    struct who peer;
    struct where where;
    enum peer_state state;
    uint64_t received, sent, queued; /* bytes */
    int64_t idle, since;             /* microseconds until now */
    struct transfer_progress file;   /* on its way to the peer */
    struct card_joined joined;
    const char *eol, *framing; /* of its own; NULL: those of its origin */
    struct fault_card fault;   /* no plan given: it has none */
};

/* Of what a listener has, and a call too. */
struct origin_card {
    struct who listener; /* number 0: a call */
    const char *endpoint;
    const char *to;    /* what its peers are joined to, as it was typed, or NULL */
    const char *reply; /* this and the next two are NULL where nothing is known of them */
    const char *eol;
    const char *framing;
    int64_t half_close;      /* microseconds; negative: it depends on the reply */
    const char *fingerprint; /* of a listener's certificate, or NULL */
};

/* Several cards, each made when it is asked for: a thousand at once would take a megabyte. */
struct cards {
    size_t count;
    /* What is in *card is borrowed until the next call. */
    void (*get)(struct cards *cards, size_t index, struct card *card);
};

/* now: the hub's clock. room holds the texts. */
void card_of_peer(struct card *card, const struct peer *peer, int64_t now,
                  struct link_description *room);
void card_of_origin(struct origin_card *card, const struct origin *origin);
/* Puts what a peer has of its own in place of what its origin says. */
void card_fill_origin(struct origin_card *origin, const struct card *peer);

#endif
