/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The hub's peers in order of number. Numbers count up, so that an array in order of arrival is
 * sorted: found by halving, at 16 bytes a peer.
 */
#ifndef TELEX_CORE_ROSTER_H
#define TELEX_CORE_ROSTER_H

#include <stdint.h>

#include "base/ut.h"

struct peer;

struct roster {
    UT_array places; /* struct roster_place, in order of number */
    unsigned gone;   /* places whose peer has been removed */
};

void roster_init(struct roster *roster);
void roster_finish(struct roster *roster);
/* Sets peer->place. Its number is higher than that of anybody there; may begin anew with
 * nobody. */
void roster_add(struct roster *roster, struct peer *peer);
/* May move others to another place: not while somebody goes from peer to peer. */
void roster_remove(struct roster *roster, struct peer *peer);
struct peer *roster_find(const struct roster *roster, uint64_t number); /* or NULL */
/* The first one with a higher number; NULL at the end. */
struct peer *roster_after(const struct roster *roster, uint64_t number);
/* The one after peer, or the first for NULL; NULL at the end. */
struct peer *roster_next(const struct roster *roster, const struct peer *peer);
unsigned roster_count(const struct roster *roster);

#endif
