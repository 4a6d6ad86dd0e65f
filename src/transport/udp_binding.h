/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a listener of datagrams is bound to: a socket for each of its addresses. */
#ifndef TELEX_TRANSPORT_UDP_BINDING_H
#define TELEX_TRANSPORT_UDP_BINDING_H

#include <stddef.h>

#include "base/cast.h"
#include "core/listener.h"

struct switchboard;
struct udp_socket;

struct udp_binding {
    struct binding binding; /* first */
    CAST_MARK;
    struct udp_socket *sockets; /* utlist, by sibling */
};

/* Takes over the descriptors, which are bound, and gives the listener its binding. */
struct udp_binding *udp_binding_create(struct switchboard *board, struct listener *listener,
                                       const int *fds, size_t count);

#endif
