/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The faults of a hub's peers (core/fault), by the clock: each stands between what a link says
 * of its peer and what the hub tells. Who has none costs one look at the peer's extras.
 */
#ifndef TELEX_CORE_FAULTS_H
#define TELEX_CORE_FAULTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/alarms.h"
#include "base/heap.h"
#include "core/extras.h"
#include "core/fault.h"

struct framing_piece;
struct hub;

/* Of a hub. */
struct faults {
    struct heap heap;   /* those for which something comes, by when */
    struct alarm alarm; /* for the first of them */
    struct job job;     /* gives out what is due */
};

void faults_init(struct hub *hub);
void faults_finish(struct hub *hub);

/*
 * From now on what comes from the peer, which is up, is treated so. listener: it is its
 * listener's, or its call's, to say so, not an operator's.
 */
void faults_begin(struct hub *hub, struct peer *peer, const struct fault_plan *plan,
                  bool listener);
/* It is treated well again; what was held comes in the next turns. One that has none is fine.
 */
void faults_end(struct peer *peer);

/* What is shown of it; NULL: it has none. Borrowed until something comes from the peer. */
const struct fault_card *faults_card(const struct peer *peer);
/* Why the plan cannot be for that peer (a fragment, malloc'ed), or NULL. */
char *faults_object(const struct peer *peer, const struct fault_plan *plan);

/* --- for the hub --- */

/* The peer's line stands: begins what its profile says. */
void faults_open(struct hub *hub, struct peer *peer);
/* The profile of its origin says something else: it follows, unless an operator has chosen. */
void faults_renew(struct hub *hub, struct peer *peer);
/* Each returns whether it has kept what came, which is told when it is due. */
bool faults_take(struct hub *hub, struct peer *peer, const struct framing_piece *piece);
bool faults_take_end(struct hub *hub, struct peer *peer);
bool faults_take_gone(struct hub *hub, struct peer *peer, const struct line_end *end);
/* Whether the line is lost, and its close waits behind what is held. */
bool faults_is_gone(const struct peer *peer);
/* What is held is nobody's any more: the peer closes, or is dead. */
void faults_drop(struct peer *peer);
/* Who takes what it says can take more, or no more. */
void faults_paused(struct peer *peer);
/* Bytes of memory that wait. */
uint64_t faults_held(const struct peer *peer);

#endif
