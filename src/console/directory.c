/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/directory.h"

#include "base/cast.h"
#include "core/hub.h"

static const struct hub *hub_of(const struct directory *directory)
{
    return container_of(directory, struct directory_hub, directory)->hub;
}

static struct who find(const struct directory *directory, uint64_t number)
{
    const struct peer *peer = hub_find(hub_of(directory), number);
    return peer ? peer_who(peer) : (struct who){0};
}

static void each_peer(const struct directory *directory, directory_visit *visit, void *context)
{
    const struct hub *hub = hub_of(directory);
    for (const struct peer *peer = hub_next(hub, NULL); peer; peer = hub_next(hub, peer)) {
        const struct who who = peer_who(peer);
        if (!visit(context, &who))
            return;
    }
}

static void each_listener(const struct directory *directory, directory_visit *visit,
                          void *context)
{
    const struct listener *listener;
    DL_FOREACH(hub_of(directory)->listeners, listener) {
        const struct who who = listener_who(listener);
        if (!visit(context, &who))
            return;
    }
}

void directory_of_hub(struct directory_hub *directory, const struct hub *hub)
{
    *directory = (struct directory_hub){
        .directory = {.find = find, .peers = each_peer, .listeners = each_listener},
        .hub = hub};
}
