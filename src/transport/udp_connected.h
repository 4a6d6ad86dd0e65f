/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What calls over datagrams have in common, plain or under DTLS: a connected UDP socket
 * (udp(7)) to one of the addresses of a name, and a peer that is forgotten when it is idle. */
#ifndef TELEX_TRANSPORT_UDP_CONNECTED_H
#define TELEX_TRANSPORT_UDP_CONNECTED_H

#include <stddef.h>
#include <stdint.h>

#include "loop/resolve.h"

struct hub;
struct link_description;
struct origin;
struct peer;
struct timeout;

/* One datagram; returns 0 or an errno. */
int udp_connected_send(int fd, const void *data, size_t size);

/* Of the addresses of far, empty while there are none, the one in use; none: of no family. */
union address udp_connected_remote(const struct resolved *far, size_t present);
/* remote, and local where there is a socket (else fd is -1). */
void udp_connected_describe(const struct resolved *far, size_t present, int fd,
                            const struct origin *origin, struct link_description *description);

/* Closes a peer that was idle for patience (microseconds; 0: never), or has idle look again
 * when it will have been. */
void udp_connected_set_idle(struct hub *hub, struct peer *peer, struct timeout *idle,
                            int64_t patience);

#endif
