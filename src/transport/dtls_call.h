/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A call under DTLS: one peer on a connected socket of its own. Where the host has several
 * addresses and one refuses before the handshake is done, the next is tried.
 */
#ifndef TELEX_TRANSPORT_DTLS_CALL_H
#define TELEX_TRANSPORT_DTLS_CALL_H

struct origin;
struct peer;
struct switchboard;

/* Attaches a peer in state connecting; open or close come later. */
struct peer *dtls_call_create(struct switchboard *board, struct origin *origin);

#endif
