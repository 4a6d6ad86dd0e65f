/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One party on the line. Made and freed by the hub; outside hub and links, hold its number.
 * There may be tens of thousands: a field here is paid for by each.
 */
#ifndef TELEX_CORE_PEER_H
#define TELEX_CORE_PEER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/line_end.h"
#include "core/who.h"

struct extras;
struct link;
struct origin;

enum peer_state {
    PEER_CONNECTING, /* called out, not answered yet: no open event so far */
    PEER_OPEN,
    PEER_HALF_CLOSED, /* the peer has ended its sending side */
    PEER_CLOSING,     /* drains; takes no sends; its data is discarded */
    PEER_DEAD,        /* close was said; freed by the next hub_run_deferred */
    PEER_STATES
};

struct peer {
    uint64_t number;
    struct link *link;
    struct origin *origin; /* profile; referenced */
    char *name;            /* NULL: none; set by names_set alone */
    struct extras *extras; /* core/extras.h: what few peers have; NULL: nothing */
    uint64_t received;     /* bytes */
    uint64_t accepted;     /* bytes given to the link; less link->queued: sent */
    int64_t opened;        /* hub clock */
    int64_t active;        /* hub clock of the last byte either way */
    unsigned char state;   /* enum peer_state */
    unsigned char reason;  /* enum close_reason, while closing */
    unsigned char pauses;  /* set of enum link_pause */
    bool output_ended : 1; /* our sending side is: nothing more is sent */
    bool joined : 1;       /* to others: core/join.h */
    bool counted : 1;      /* among those of its transport that are on the line */
    bool plain : 1;        /* on a listener under TLS, without it */
    unsigned attended : 2; /* by its agent: core/agent.c */
    unsigned pins;         /* consoles whose target it is */
    unsigned place;        /* in the hub's roster */
    uint32_t held;         /* bytes of memory of its input and its queue: hub_holds */
};

const char *
peer_state_name(enum peer_state state); /* "connecting", "open", "half-closed", ... */
struct who peer_who(const struct peer *peer);
/* "#3" or "#3 boiler" */
enum { PEER_LABEL = WHO_LABEL };
void peer_label(const struct peer *peer, char label[PEER_LABEL]);
/* Bytes that the kernel took, and bytes that wait for it. */
uint64_t peer_sent(const struct peer *peer);
uint64_t peer_queued(const struct peer *peer);
/* Those that wait, and those that the kernel still has: what is lost if the line breaks now. */
uint64_t peer_undelivered(const struct peer *peer);

/* Whether there is a line to talk on: open or half-closed, neither connecting nor closing. */
bool peer_is_up(const struct peer *peer);

#endif
