/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who deals with a listener's peers by itself, where no operator does. All of them are in
 * core/agents.h.
 */
#ifndef TELEX_CORE_AGENT_H
#define TELEX_CORE_AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/extras.h"
#include "core/origin.h"
#include "core/peer.h"

struct hub;
struct message;

/*
 * Each function may be NULL, and costs nothing then. It is called after all observers were told
 * and may do what they may: send, close, call out. Its peer is never freed meanwhile, but may
 * be closed by what it does.
 */
struct agent {
    const char *name;
    size_t state; /* bytes for each of its peers, zeroed at first: agent_state; 0: none */
    /* What a peer says is answered to itself: while the answers wait, it is not read from. */
    bool answers;
    /*
     * How long a peer that has ended its side is kept, where its profile does not say:
     * microseconds, 0: until its queue is empty.
     */
    int64_t half_close;
    void (*open)(struct hub *hub, struct peer *peer); /* the line stands */
    void (*message)(struct hub *hub, struct peer *peer, const struct message *message);
    void (*ended)(struct hub *hub, struct peer *peer);   /* the peer says no more */
    void (*drained)(struct hub *hub, struct peer *peer); /* its queue is empty again */
    void (*close)(struct hub *hub, struct peer *peer);   /* once, also before open */
};

extern const struct agent agent_none;

/* A peer's attended: whether its agent is to be told of its end. */
enum agent_attends {
    AGENT_NOT,
    AGENT_ATTENDS,
    AGENT_CHANGES,  /* another one is being chosen */
    AGENT_DISMISSED /* nobody deals with the peer any more */
};

/* The one that deals with the peer. */
static inline const struct agent *agent_of(const struct peer *peer)
{
    return peer->attended == AGENT_DISMISSED ? &agent_none : peer->origin->profile.reply;
}

/* Its state of the peer, from hub_attach on; NULL where it has none. */
static inline void *agent_state(const struct peer *peer)
{
    return extras_of(peer)->agent;
}

/* The listener's peers have that one from now on, those on the line too. Neither observers nor
 * agents may ask for it. */
void agent_choose(struct hub *hub, struct listener *listener, const struct agent *agent);

/* Nobody deals with the peer from here on, whatever its listener's agent is. */
void agent_dismiss(struct hub *hub, struct peer *peer);

/* --- for the hub --- */

void agent_attach(struct peer *peer);
void agent_open(struct hub *hub, struct peer *peer);
/* Its state stays until the peer is freed: it may be in use. */
void agent_close(struct hub *hub, struct peer *peer);

#endif
