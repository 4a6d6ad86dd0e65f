/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The address of ours that a datagram was sent to, which the reply has to leave from (ip(7),
 * ipv6(7): IP_PKTINFO). An IPv4 address is kept mapped; all zeros: not known, the kernel
 * chooses.
 */
#ifndef TELEX_TRANSPORT_UDP_LOCAL_H
#define TELEX_TRANSPORT_UDP_LOCAL_H

#include <netinet/in.h>
#include <sys/socket.h>

struct udp_local {
    struct in6_addr host;
    unsigned interface; /* for link-local and multicast addresses; else 0 */
};

/* From and to the kernel's; v4 are mapped. */
struct in6_addr udp_local_map(struct in_addr v4);
struct in_addr udp_local_unmap(const struct udp_local *local);
/* AF_INET, AF_INET6; AF_UNSPEC where it is not known. */
sa_family_t udp_local_family(const struct udp_local *local);

#endif
