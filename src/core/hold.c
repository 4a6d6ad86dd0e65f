/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/hold.h"

#include "core/extras.h"
#include "core/hub_parts.h"

/* One that closes is read on: else its end would never be seen. */
void hold_apply(const struct hub *hub, struct peer *peer)
{
    if (peer_is_up(peer) && !peer->link->ops->datagram)
        hub_pause(peer, LINK_PAUSE_HOLD, hub->holds + extras_of(peer)->holds > 0);
}

static void apply_to_all(const struct hub *hub)
{
    for (struct peer *peer = hub_next(hub, NULL); peer; peer = hub_next(hub, peer))
        hold_apply(hub, peer);
}

void hold_peer(struct hub *hub, struct hold *hold, struct peer *peer)
{
    if (hold->peer == peer->number)
        return;
    hold_release(hub, hold);
    hold->peer = peer->number;
    extras_need(peer)->holds++;
    hold_apply(hub, peer);
}

void hold_all(struct hub *hub, struct hold *hold)
{
    if (hold->peer == HOLD_ALL)
        return;
    hold_release(hub, hold);
    hold->peer = HOLD_ALL;
    if (hub->holds++ == 0)
        apply_to_all(hub);
}

static void release_peer(const struct hub *hub, struct peer *peer)
{
    extras_need(peer)->holds--;
    extras_tidy(peer);
    hold_apply(hub, peer);
}

void hold_release(struct hub *hub, struct hold *hold)
{
    const uint64_t number = hold->peer;
    struct peer *peer = hub_find(hub, number);
    hold->peer = 0;
    if (number == HOLD_ALL && --hub->holds == 0)
        apply_to_all(hub);
    else if (peer)
        release_peer(hub, peer);
}
