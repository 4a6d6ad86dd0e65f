/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A UDP peer's link: a remote address on a socket. Sends are datagrams, never queued. */
#ifndef TELEX_TRANSPORT_UDP_LINK_H
#define TELEX_TRANSPORT_UDP_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/ut.h"
#include "core/link.h"
#include "transport/udp_batch.h"

struct resolve;
struct udp_socket;

struct udp_link {
    struct link link; /* first: links are UDP links */
    struct udp_socket *socket;
    struct resolve *resolve; /* of a call: while the name is being looked up */
    union address remote;    /* of no family until then */
    struct udp_local local;  /* where its last datagram was sent to, and replies leave from */
    bool to_many;            /* its last datagram was multicast or broadcast */
    bool placed;             /* found by its remote address */
    int64_t window;          /* second of the hub's clock, and automatic replies in it */
    unsigned window_replies;
    struct udp_link *prev, *next; /* the socket's list of idle */
    UT_hash_handle hh;
};

struct listener;

/* NULL where the remote address was not heard from. */
struct udp_link *udp_link_find(const struct udp_socket *socket, const union address *remote);
/* A new peer, in state connecting, with the listener's profile; not found before it is placed.
 */
struct udp_link *udp_link_create(struct udp_socket *socket, struct listener *listener);
/* Gives it its remote address on socket, which may be another one of the same listener. */
void udp_link_place(struct udp_link *link, struct udp_socket *socket,
                    const union address *remote);
/* It is not found any more: its peer is dead, and another datagram makes a new one. */
void udp_link_unplace(struct udp_link *link);
/*
 * The peer of the socket that was not used for longest, in either direction, and may go: alive,
 * without a name and nobody's target. NULL where there is none.
 */
struct udp_link *udp_link_evictable(const struct udp_socket *socket);
/* The kernel refused a datagram of a batch: it is taken back from the counters. */
void udp_link_dropped(struct udp_link *link, size_t size);

#endif
