/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_connected.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

#include "core/hub_line.h"
#include "core/link.h"
#include "loop/timeout.h"

int udp_connected_send(int fd, const void *data, size_t size)
{
    for (int tries = 2; tries > 0; tries--) {
        if (send(fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
            return 0;
        if (errno != ECONNREFUSED)
            break;
        /* That was about an earlier datagram; if nobody listens, this one will tell too. */
    }
    return errno;
}

union address udp_connected_remote(const struct resolved *far, size_t present)
{
    return far->count > 0 ? far->addresses[present] : (union address){0};
}

void udp_connected_describe(const struct resolved *far, size_t present, int fd,
                            const struct origin *origin, struct link_description *description)
{
    union address local;
    socklen_t length = sizeof local;
    if (far->count > 0)
        address_print(&far->addresses[present], description->remote);
    else
        snprintf(description->remote, sizeof description->remote, "%s", origin_place(origin));
    if (fd >= 0 && getsockname(fd, &local.any, &length) == 0)
        address_print(&local, description->local);
}

void udp_connected_set_idle(struct hub *hub, struct peer *peer, struct timeout *idle,
                            int64_t patience)
{
    if (patience <= 0)
        return;
    const int64_t left = peer->active + patience - hub_now(hub);
    if (left <= 0)
        hub_detach(hub, peer, CLOSE_TIMEOUT, NULL);
    else
        timeout_set(idle, left);
}
