/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Joins who comes to a listener with to= to what that names: calls the far end for each, or
 * looks for the peer of that name. What happens on joined lines is core/join's.
 */
#ifndef TELEX_TRANSPORT_PATCHING_H
#define TELEX_TRANSPORT_PATCHING_H

struct patching;
struct peer;
struct switchboard;

/* Observes the board's hub. */
struct patching *patching_create(struct switchboard *board);
/* Before the hub is finished. NULL is fine. */
void patching_destroy(struct patching *patching);

/*
 * Ends a far end that has just been reached and is one of our own listeners. Before its lanes
 * shake hands, of which each word would come as that of a newcomer, who has a far end again.
 */
void patching_look_at_far(struct switchboard *board, struct peer *peer);

#endif
