/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_binding.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/ut.h"
#include "transport/udp_socket.h"

static void destroy(struct binding *binding)
{
    struct udp_binding *self = CAST(udp_binding, binding);
    struct udp_socket *socket, *next;
    LL_FOREACH_SAFE2(self->sockets, socket, next, sibling)
        udp_socket_close(socket);
    free(self);
}

struct udp_binding *udp_binding_create(struct switchboard *board, struct listener *listener,
                                       const int *fds, size_t count)
{
    static const struct binding_ops ops = {.destroy = destroy};
    struct udp_binding *self = mem_zalloc(sizeof *self);
    CAST_INIT(udp_binding, self);
    self->binding.ops = &ops;
    for (size_t i = 0; i < count; i++) {
        struct udp_socket *socket = udp_socket_create(board, &listener->origin, fds[i]);
        LL_PREPEND2(self->sockets, socket, sibling);
    }
    listener->binding = &self->binding;
    return self;
}
