/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The peers of a mirror. */
#ifndef TELEX_CLIENT_MIRROR_PEER_H
#define TELEX_CLIENT_MIRROR_PEER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct mirror;
struct peer;

/* The most peers that are mirrored. */
enum { MIRROR_PEERS_MAX = 1 << 20 };
/* When a peer opened that was on the line before we were: text_result leaves it out. */
enum { MIRROR_SINCE_UNKNOWN = -1 };

/*
 * The peer that "peer" of an object numbers; one that was never heard of is made, connecting
 * and without addresses. NULL where there is no such number, or there are too many.
 */
struct peer *mirror_peer_of(struct mirror *mirror, const json_t *object);
/* Takes over transport, addresses and listener from an open event or an entry of /peers. */
void mirror_peer_describe(struct mirror *mirror, struct peer *peer, const json_t *object);
/* An entry of /peers, with its name, state and figures; NULL where it is none. Says nothing. */
struct peer *mirror_peer_entry(struct mirror *mirror, const json_t *object);
/* The figures of a close event, so that hub_detach tells them. */
void mirror_peer_figures(struct mirror *mirror, struct peer *peer, const json_t *object);
/* Gives it a name, also one that another is still thought to have. */
void mirror_peer_name(struct mirror *mirror, struct peer *peer, const char *name);
/* Forgets those that were not in the last list (mirror->lists), or all; says nothing. */
void mirror_peer_sweep(struct mirror *mirror, bool all);

#endif
