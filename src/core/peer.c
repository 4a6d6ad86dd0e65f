/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/peer.h"

#include "core/link.h"

/* With malloc's word it fills one of its sizes: the next byte would cost each peer 16. */
_Static_assert(sizeof(struct peer) <= 88, "what few peers have belongs to their extras");

const char *peer_state_name(enum peer_state state)
{
    static const char *const names[PEER_STATES] = {
        [PEER_CONNECTING] = "connecting",
        [PEER_OPEN] = "open",
        [PEER_HALF_CLOSED] = "half-closed",
        [PEER_CLOSING] = "closing",
        [PEER_DEAD] = "closing",
    };
    return names[state];
}

struct who peer_who(const struct peer *peer)
{
    return (struct who){.number = peer->number, .name = peer->name};
}

void peer_label(const struct peer *peer, char label[PEER_LABEL])
{
    const struct who who = peer_who(peer);
    who_label(&who, label);
}

uint64_t peer_queued(const struct peer *peer)
{
    const struct link_ops *ops = peer->link->ops;
    return ops->queued ? ops->queued(peer->link) : 0;
}

uint64_t peer_sent(const struct peer *peer)
{
    return peer->accepted - peer_queued(peer);
}

uint64_t peer_undelivered(const struct peer *peer)
{
    const struct link_ops *ops = peer->link->ops;
    return peer_queued(peer) + (ops->undelivered ? ops->undelivered(peer->link) : 0);
}

bool peer_is_up(const struct peer *peer)
{
    return peer->state == PEER_OPEN || peer->state == PEER_HALF_CLOSED;
}
