/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A UDP call: one peer on a connected socket of its own, so that the kernel tells when nobody
 * listens at the far end. Where the host has several addresses and one refuses before anything
 * came back, the next is tried, with what was sent so far sent again.
 */
#ifndef TELEX_TRANSPORT_UDP_CALL_H
#define TELEX_TRANSPORT_UDP_CALL_H

struct origin;
struct peer;
struct switchboard;

/* Attaches a peer in state connecting; open or close come later. */
struct peer *udp_call_create(struct switchboard *board, struct origin *origin);

#endif
