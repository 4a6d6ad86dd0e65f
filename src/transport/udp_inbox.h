/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Datagrams in, a batch for each readiness (recvmmsg(2)). One for all UDP sockets of a program.
 * What is short, as most are, stands close together: 64 buffers of 64 KiB, of which each
 * touches only its beginning, would cost a page each and meet in the same lines of the cache.
 */
#ifndef TELEX_TRANSPORT_UDP_INBOX_H
#define TELEX_TRANSPORT_UDP_INBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "transport/udp_local.h"

enum { UDP_BATCH = 64 };

struct udp_inbox;

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

struct udp_inbox *udp_inbox_create(void);
void udp_inbox_destroy(struct udp_inbox *inbox); /* NULL is fine */

/* Asks the kernel for what udp_inbox_datagram tells besides the bytes. */
void udp_inbox_prepare(int fd, int family);
/* Receives up to UDP_BATCH datagrams. Returns how many, or -1 with errno. */
int udp_inbox_receive(struct udp_inbox *inbox, int fd);
/* The i-th of them; its bytes are valid until the next receive. */
void udp_inbox_datagram(struct udp_inbox *inbox, int i, struct udp_datagram *datagram);
/* Whether data is of the last batch, and so valid until the next receive. */
bool udp_inbox_holds(const struct udp_inbox *inbox, const void *data);

#endif
