/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a link, or whoever makes one, tells the hub. */
#ifndef TELEX_CORE_HUB_LINE_H
#define TELEX_CORE_HUB_LINE_H

#include "core/hub.h"

/*
 * A new peer on link (which the hub owns from here on), in state PEER_CONNECTING, with a
 * reference on origin. Says nothing to observers: hub_open does.
 */
struct peer *hub_attach(struct hub *hub, struct link *link, struct origin *origin);
/* The line stands: state PEER_OPEN and the open event. */
void hub_open(struct hub *hub, struct peer *peer);
/* One message from the peer: observers are told, then its agent. It stood on the line so. */
void hub_receive(struct hub *hub, struct peer *peer, const void *data, size_t size,
                 bool partial);
/* The same of one that a framing has cut off the line. */
void hub_receive_framed(struct hub *hub, struct peer *peer, const struct framing_piece *piece);
/* Its far end says something beside the line: a program on stderr. A line of any bytes. */
void hub_note(struct hub *hub, const struct peer *peer, const char *text);
/* Of the far end's lines (core/modem.h) some have changed: those are on now. */
void hub_lines_changed(struct hub *hub, const struct peer *peer, unsigned on);
/*
 * Whether the peer's end has to wait for what a fault holds: then link_ops.ended is called when
 * it is due. To be asked before hub_half_close.
 */
bool hub_end_waits(struct hub *hub, struct peer *peer);
/*
 * The peer has ended its sending side. What follows is the profile's half_close: a time the
 * link has to keep (returned, microseconds; 0: close when the queue is empty).
 */
int64_t hub_half_close(struct hub *hub, struct peer *peer);
/* So many bytes have come to the link's queue, and so many are gone from it. To be told of each
 * change: hub->stats holds the sum of all queues. */
void hub_queue_changed(struct hub *hub, struct peer *peer, size_t added, size_t gone);
/* The link's queue has become empty: resumes reading, and asks a feed for more. */
void hub_drained(struct hub *hub, struct peer *peer);
/*
 * So many bytes of memory would be free without the peer: its input, its queue. Its link tells
 * the budget what of it is its own.
 */
void hub_holds(struct hub *hub, struct peer *peer, uint64_t bytes);
/*
 * It says itself how it is called, and that can be a name: before hub_open. An older line of
 * the same address gives it up; where anybody else has it, nobody is called so.
 */
void hub_name_newcomer(struct hub *hub, struct peer *peer, const char *name);
/* The line has failed, and only its farewell is on its way: nothing is sent to it any more. */
void hub_fail(struct hub *hub, struct peer *peer, const char *error);
/* Death, now: says close; link and peer are freed by hub_run_deferred, after the present
 * callback. May be called twice. */
void hub_detach(struct hub *hub, struct peer *peer, enum close_reason reason,
                const char *error);
/* The same with all that the link knows of it: reason, error, status and code of end count. */
void hub_detach_as(struct hub *hub, struct peer *peer, const struct line_end *end);
/* The same where the line is lost by its far end: once all that came before it was told.
 * Nothing can be sent meanwhile. */
void hub_lost(struct hub *hub, struct peer *peer, const struct line_end *end);
/* A connection or datagram that was turned away. remote in words; error: more than why says, or
 * NULL. */
void hub_refused(struct hub *hub, struct origin *origin, const char *remote, enum refusal why,
                 const char *error);

#endif
