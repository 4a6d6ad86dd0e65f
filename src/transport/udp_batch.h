/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Datagrams in and out in batches (recvmmsg(2), sendmmsg(2)): one batch in for each readiness,
 * and the replies to it in one batch out. One for all UDP sockets of a program: nothing is kept
 * in it between two turns of the loop. 32 datagrams of 64 KiB either way; only what is touched
 * costs memory.
 */
#ifndef TELEX_TRANSPORT_UDP_BATCH_H
#define TELEX_TRANSPORT_UDP_BATCH_H

#include <event2/util.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"

enum { UDP_BATCH = 32, UDP_DATAGRAM_MAX = 65507 };

struct udp_batch;
struct udp_link;

/* The address of ours that a datagram was sent to, which the reply has to leave from. */
struct udp_local {
    unsigned char family; /* AF_INET, AF_INET6; AF_UNSPEC: not known, the kernel chooses */
    unsigned interface;   /* for link-local and multicast addresses; else 0 */
    union {
        struct in_addr v4;
        struct in6_addr v6;
    };
};

struct udp_datagram {
    const char *data;
    size_t size;
    union address remote; /* unmapped */
    struct udp_local local;
    bool to_many; /* the destination is multicast or broadcast */
    bool
        has_drops; /* drops is set: SO_RXQ_OVFL, the kernel's count since the socket was made */
    uint32_t drops;
};

struct udp_batch *udp_batch_create(void);
void udp_batch_destroy(struct udp_batch *batch);

/* Asks the kernel for what udp_batch_receive wants to know of each datagram. */
void udp_batch_prepare(evutil_socket_t fd, int family);

/* Receives up to UDP_BATCH datagrams. Returns how many, or -1 with errno. */
int udp_batch_receive(struct udp_batch *batch, evutil_socket_t fd);
/* The i-th of them; valid until the next receive. */
void udp_batch_datagram(const struct udp_batch *batch, int i, struct udp_datagram *datagram);

/*
 * Sends one datagram now. socket_family says whether an IPv4 remote has to be mapped. remote
 * NULL: the socket is connected. Returns 0 or an errno. A pending error of another peer (ICMP)
 * is swallowed by one retry where the socket is not connected.
 */
int udp_batch_send(evutil_socket_t fd, int socket_family, const union address *remote,
                   const struct udp_local *local, const void *data, size_t size);

/* Adds a copy to the batch that udp_batch_flush sends; flushes by itself when it is full. */
void udp_batch_add(struct udp_batch *batch, struct udp_link *link, evutil_socket_t fd,
                   int socket_family, const union address *remote,
                   const struct udp_local *local, const void *data, size_t size);
/* Sends what was added; udp_link_dropped is called for each the kernel refused. */
void udp_batch_flush(struct udp_batch *batch);

#endif
