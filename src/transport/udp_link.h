/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A UDP peer's link: a remote address on a socket. Sends are datagrams, never queued. */
#ifndef TELEX_TRANSPORT_UDP_LINK_H
#define TELEX_TRANSPORT_UDP_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/cast.h"
#include "core/link.h"
#include "transport/udp_local.h"

struct origin;
struct udp_socket;

/* There may be many: 104 bytes, which malloc(3) gives in 112. */
struct udp_link {
    struct link link; /* first: links are UDP links */
    CAST_MARK;
    struct udp_socket *socket;
    struct udp_link *prev, *next; /* the socket's list of idle */
    struct udp_link *chain;       /* in the socket's table, once placed */
    union address remote;         /* of no family before it is placed */
    struct udp_local local; /* where its last datagram was sent to; replies leave from it */
    uint32_t window;        /* second of the hub's clock, and automatic replies in it */
    uint16_t window_replies;
    unsigned char train; /* while its replies are collected: the last of its trains, from 1 */
    bool to_many : 1;    /* its last datagram was multicast or broadcast */
    bool placed : 1;     /* found by its remote address */
    bool no_trains : 1;  /* its route takes none */
    bool broadcast : 1;  /* it was called, and is a broadcast address */
};

/* The link_ops of UDP links; destroy is to be filled in: udp_link_destroy, or what ends in it.
 */
#define UDP_LINK_OPS                                                          \
    .datagram = true, .send = udp_link_send, .may_reply = udp_link_may_reply, \
    .describe = udp_link_describe, .remote = udp_link_remote

int udp_link_send(struct link *link, const void *data, size_t size);
bool udp_link_may_reply(struct link *link, size_t size);
void udp_link_destroy(struct link *link);
void udp_link_describe(const struct link *link, struct link_description *description);
union address udp_link_remote(const struct link *link);

/* NULL where the remote address was not heard from. */
struct udp_link *udp_link_find(const struct udp_socket *socket, const union address *remote);
/*
 * A new peer of link (malloc'ed, zeroed but for its ops), in state connecting, with the
 * origin's profile; not found before it is placed.
 */
void udp_link_attach(struct udp_link *link, struct udp_socket *socket, struct origin *origin);
/* The same of one that was heard from. */
struct udp_link *udp_link_create(struct udp_socket *socket, struct origin *origin);
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
