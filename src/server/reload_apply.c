/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/reload.h"

#include "core/hub.h"
#include "server/settings.h"
#include "transport/transport.h"

/* Where the endpoint says nothing of its own; half-closes that have begun end as they were to.
 */
static void apply_half_close(struct origin *origin, int64_t half_close)
{
    if (!endpoint_key(&origin->endpoint, "half-close"))
        origin->profile.half_close = half_close;
}

static void apply_half_close_to_all(struct hub *hub, int64_t half_close)
{
    struct listener *listener;
    DL_FOREACH(hub->listeners, listener)
        apply_half_close(&listener->origin, half_close);
    /* Calls, and peers of listeners that are gone. */
    for (struct peer *peer = hub_next(hub, NULL); peer; peer = hub_next(hub, peer))
        apply_half_close(peer->origin, half_close);
}

void reload_apply(const struct settings *settings, struct hub *hub, struct switchboard *board)
{
    const struct settings_live *live = &settings->live;
    hub_configure(hub, &live->hub);
    limits_configure(&hub->limits, &live->limits);
    access_set(&hub->limits.access, &live->access);
    phonebook_set(&hub->phonebook, &live->known);
    apply_half_close_to_all(hub, live->half_close);
    switchboard_renew(board, &live->lines);
}
