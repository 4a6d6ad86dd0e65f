/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines of which this program has both ends, since it has called itself: joined, what is said
 * on one would go round for ever.
 */
#include <string.h>
#include <unistd.h>

#include "core/hub.h"
#include "core/join.h"

/* Of a Unix socket both ends say who we are, and not which line it is. */
static bool is_our_process(const struct link_description *line)
{
    return line->has_credentials && line->pid == getpid();
}

static bool is_other_end(const struct peer *peer, const struct link_description *line,
                         const struct peer *other)
{
    struct link_description that = {0};
    const bool one_called = !peer->origin->listener != !other->origin->listener;
    if (!one_called || peer->link->ops->datagram != other->link->ops->datagram)
        return false;
    other->link->ops->describe(other->link, &that);
    return strcmp(line->remote, that.local) == 0 && strcmp(line->local, that.remote) == 0;
}

/* Without the port. */
static size_t host_size(const char *text)
{
    const char *port = strrchr(text, ':');
    return port ? (size_t)(port - text) : strlen(text);
}

/* Else the far end is another machine, and nobody has to be looked at. */
static bool is_here(const struct peer *peer, const struct link_description *line)
{
    const struct link_ops *ops = peer->link->ops;
    const union address remote = ops->remote ? ops->remote(peer->link) : (union address){0};
    const size_t size = host_size(line->remote);
    return address_is_loopback(&remote) ||
           (size == host_size(line->local) && memcmp(line->remote, line->local, size) == 0);
}

bool join_is_own(const struct hub *hub, const struct peer *peer)
{
    struct link_description line = {0};
    peer->link->ops->describe(peer->link, &line);
    if (is_our_process(&line) || !is_here(peer, &line))
        return is_our_process(&line);
    for (const struct peer *other = hub_next(hub, NULL); other; other = hub_next(hub, other))
        if (other != peer && is_other_end(peer, &line, other))
            return true;
    return false;
}
