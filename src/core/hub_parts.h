/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the hub and its parts (agents, feeds, holds, refusals) share, and nobody else. */
#ifndef TELEX_CORE_HUB_PARTS_H
#define TELEX_CORE_HUB_PARTS_H

#include "core/hub.h"

/* Tells those observers that want it; fills in the time. */
void hub_tell(struct hub *hub, struct hub_event *event);
/* Gives data to the link and counts it; an errno where the link refuses. Says nothing. */
int hub_transmit(struct hub *hub, struct peer *peer, const void *data, size_t size);
/* Why a send cannot even be tried now, or SEND_OK. */
enum send_status hub_send_possible(const struct peer *peer, size_t size);
/* What the peer is told, and counted, as. */
enum scheme hub_scheme(const struct peer *peer);
/* Names a newcomer by where it comes from, and says so; an older line of the same address gives
 * the name up. */
void hub_name_known(struct hub *hub, struct peer *peer);
/* Stops reading from a peer that its agent answers, while too much waits for it. */
void hub_pause_unread(const struct hub *hub, struct peer *peer);
/* The most that may wait for a peer while what becomes of it is read; the longest reply has
 * room besides. */
uint64_t hub_unread_most(const struct hub *hub);
/* Passes on a message whose bytes are counted, tells observers of it, then the agent. */
void hub_tell_received(struct hub *hub, struct peer *peer, const struct framing_piece *piece);
/* Sets or clears one reason not to read from the peer. */
void hub_pause(struct peer *peer, unsigned reason, bool on);
/* A feed had the peer for itself: a close, or an end of our output, that waited for it goes on.
 */
void hub_alone_ended(struct hub *hub, struct peer *peer);

void hub_memory_init(struct hub *hub);
/* Peers have come or gone, or hold more or less. */
void hub_memory_note(struct hub *hub);
/* Looks what is due after so long, or sooner where somebody else needs that: microseconds. */
void hub_alarm(struct hub *hub, int64_t delay);
/* Looks whether something is due: where the budget is over, or much has been freed. */
void hub_memory_look(struct hub *hub);

/* Frees the dead; the host is asked for it with each death. */
void hub_run_deferred(struct hub *hub);

/* Asks the host for one piece of the job in the next turn (base/jobs.h). */
void hub_later(struct hub *hub, struct job *job);

#endif
