/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/hub_parts.h"

void agent_attach(struct peer *peer)
{
    const struct agent *agent = agent_of(peer);
    peer->attended = AGENT_ATTENDS;
    if (agent->state > 0)
        extras_need(peer)->agent = mem_zalloc(agent->state);
}

void agent_open(struct hub *hub, struct peer *peer)
{
    const struct agent *agent = agent_of(peer);
    if (agent->open)
        agent->open(hub, peer);
}

void agent_close(struct hub *hub, struct peer *peer)
{
    const struct agent *agent = agent_of(peer);
    if (peer->attended != AGENT_ATTENDS)
        return;
    peer->attended = AGENT_NOT;
    if (agent->close)
        agent->close(hub, peer);
}

void agent_dismiss(struct hub *hub, struct peer *peer)
{
    agent_close(hub, peer);
    peer->attended = AGENT_DISMISSED;
    hub_pause(peer, LINK_PAUSE_OUTPUT, false);
}

static void give_up(struct hub *hub, struct peer *peer)
{
    bool attended = peer->attended == AGENT_ATTENDS;
    agent_close(hub, peer);
    if (attended && peer->state != PEER_DEAD)
        peer->attended = AGENT_CHANGES;
}

static void free_state(struct peer *peer)
{
    if (!agent_state(peer))
        return;
    free(agent_state(peer));
    extras_need(peer)->agent = NULL;
    extras_tidy(peer);
}

static void begin_anew(struct hub *hub, struct peer *peer)
{
    free_state(peer);
    peer->attended = AGENT_NOT;
    if (!peer_is_up(peer))
        return;
    agent_attach(peer);
    agent_open(hub, peer);
    hub_pause_unread(hub, peer);
}

/* The former one is told of all ends, of which it may make others, before the next begins. */
void agent_choose(struct hub *hub, struct listener *listener, const struct agent *agent)
{
    struct peer *peer;
    for (peer = hub_next(hub, NULL); peer; peer = hub_next(hub, peer))
        if (peer->origin == &listener->origin)
            give_up(hub, peer);
    listener->origin.profile.reply = agent;
    for (peer = hub_next(hub, NULL); peer; peer = hub_next(hub, peer))
        if (peer->origin == &listener->origin && peer->attended == AGENT_CHANGES)
            begin_anew(hub, peer);
}
