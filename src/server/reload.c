/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/reload.h"

#include <stdlib.h>

#include "base/escape.h"
#include "base/log.h"
#include "core/hub.h"
#include "server/settings.h"
#include "transport/transport.h"

static void apply_access(const struct access *rules, struct access *access)
{
    access_finish(access);
    for (size_t i = 0; i < rules->count; i++)
        access_add(access, &rules->rules[i].cidr, rules->rules[i].allow);
    access_compile(access);
}

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
    const struct settings_limits *from = &settings->limits;
    hub->settings = (struct hub_settings){.max_queue = from->max_queue, .drain = from->drain};
    budget_set_limit(&hub->budget, from->max_memory);
    hub->limits.max_streams = from->max_peers;
    hub->limits.max_per_host = from->max_peers_per_host;
    hub->limits.max_datagrams = from->max_udp_peers;
    hub->limits.max_consoles = from->max_consoles;
    apply_access(&from->access, &hub->limits.access);
    apply_half_close_to_all(hub, from->half_close);
    limits_recount(&hub->limits);
    switchboard_renew(board,
                      &(struct transport_settings){.dial.timeout = from->connect_timeout,
                                                   .idle_timeout = from->idle_timeout,
                                                   .udp_idle_timeout = from->udp_idle_timeout,
                                                   .keepalive = from->keepalive,
                                                   .udp_reply_rate = from->udp_reply_rate});
}

bool reload_run(struct settings *settings, struct hub *hub, struct switchboard *board)
{
    char *error = NULL;
    if (!settings_reread(settings, &error)) {
        log_error("%s; nothing has changed", error);
        free(error);
        return false;
    }
    reload_apply(settings, hub, board);
    char *shown = escape_string(settings->config);
    log_error("%s: read again", shown);
    free(shown);
    return true;
}
