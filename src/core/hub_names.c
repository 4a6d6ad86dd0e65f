/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/address.h"
#include "core/hub_line.h"
#include "core/hub_parts.h"

struct peer *hub_find_name(const struct hub *hub, const char *name)
{
    return names_find(&hub->names, name);
}

static void tell_name(struct hub *hub, const struct peer *peer)
{
    if (peer->state != PEER_CONNECTING) /* else hub_open tells it */
        hub_tell(hub, &(struct hub_event){.type = HUB_NAME, .peer = peer});
}

bool hub_name(struct hub *hub, struct peer *peer, const char *name)
{
    struct peer *holder = name ? hub_find_name(hub, name) : NULL;
    if (holder && holder != peer)
        return false;
    names_set(&hub->names, peer, name);
    tell_name(hub, peer);
    return true;
}

/* --- those that are known --- */

static union address address_of(const struct peer *peer)
{
    const struct link_ops *ops = peer->link->ops;
    return ops->remote ? ops->remote(peer->link) : (union address){0};
}

static bool has_address(const union address *address)
{
    return address->any.sa_family == AF_INET || address->any.sa_family == AF_INET6;
}

/* An older line of the same device gives its name up, and where the newcomer has called us: a
 * call of ours takes nothing away. */
static bool gives_up(const struct peer *holder, const struct peer *newcomer)
{
    const union address old = address_of(holder), new = address_of(newcomer);
    return newcomer->origin->listener && has_address(&old) && address_same_host(&old, &new);
}

void hub_name_newcomer(struct hub *hub, struct peer *peer, const char *name)
{
    struct peer *holder = hub_find_name(hub, name);
    if (holder && !gives_up(holder, peer))
        return;
    /* Both before either is told of, so that nobody sees the name of nobody. */
    if (holder)
        names_set(&hub->names, holder, NULL);
    names_set(&hub->names, peer, name);
    if (holder)
        tell_name(hub, holder);
    if (peer->state != PEER_DEAD) /* whoever was told may have closed it */
        tell_name(hub, peer);
}

void hub_name_known(struct hub *hub, struct peer *peer)
{
    const union address address = address_of(peer);
    const char *name = has_address(&address) ? phonebook_find(&hub->phonebook, &address) : NULL;
    if (name)
        hub_name_newcomer(hub, peer, name);
}
