/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Graceful ends: of a line, of our side of one, of all. */
#include "core/hub_line.h"
#include "core/hub_parts.h"
#include "core/join.h"

static void close_link(struct hub *hub, struct peer *peer)
{
    const struct link_ops *ops = peer->link->ops;
    const int64_t deadline = hub_now(hub) + hub->settings.drain;
    if (extras_of(peer)->breaks && ops->reset)
        ops->reset(peer->link, deadline);
    else if (ops->close)
        ops->close(peer->link, deadline);
    else
        hub_detach(hub, peer, peer->reason, NULL);
}

/* It is heard no more, and so are those that are joined to it. */
static void leave_joined(struct hub *hub, struct peer *peer)
{
    const struct line_end end = {.reason = peer->reason, .error = extras_of(peer)->why};
    const bool breaks = extras_of(peer)->breaks;
    join_end_all(hub, join_take_off(hub, peer), peer, &end, breaks);
}

void hub_close(struct hub *hub, struct peer *peer, enum close_reason reason)
{
    if (reason == CLOSE_OPERATOR || reason == CLOSE_SHUTDOWN)
        recall_hang_up(&peer->origin->recall, peer->number);
    if (peer->state == PEER_CLOSING || peer->state == PEER_CONNECTING || faults_is_gone(peer)) {
        hub_detach(hub, peer, peer->state == PEER_CLOSING ? peer->reason : reason, NULL);
    } else if (peer->state != PEER_DEAD) {
        peer->state = PEER_CLOSING;
        peer->reason = (unsigned char)reason;
        faults_drop(peer);
        hub_pause(peer, peer->pauses, false); /* what it says is discarded */
        if (!feed_is_alone(peer))             /* else hub_alone_ended goes on */
            close_link(hub, peer);
        if (peer->joined)
            leave_joined(hub, peer);
    }
}

void hub_close_because(struct hub *hub, struct peer *peer, enum close_reason reason,
                       const char *why)
{
    if (peer->state == PEER_DEAD)
        return;
    extras_say_why(peer, why);
    hub_close(hub, peer, reason);
}

void hub_break(struct hub *hub, struct peer *peer, enum close_reason reason, const char *why)
{
    if (peer->state == PEER_DEAD)
        return;
    extras_need(peer)->breaks = true;
    hub_close_because(hub, peer, reason, why);
}

void hub_fail(struct hub *hub, struct peer *peer, const char *error)
{
    if (!peer_is_up(peer))
        return;
    const struct line_end end = {.reason = CLOSE_ERROR, .error = error};
    peer->state = PEER_CLOSING;
    peer->reason = CLOSE_ERROR;
    feed_break(hub, peer, error);
    faults_drop(peer);
    hub_pause(peer, peer->pauses, false);
    if (peer->joined)
        join_end_all(hub, join_take_off(hub, peer), peer, &end, true);
}

void hub_alone_ended(struct hub *hub, struct peer *peer)
{
    hub_pause(peer, LINK_PAUSE_FILE, false);
    if (peer->joined)
        join_look(hub, peer);
    if (peer->state == PEER_CLOSING)
        close_link(hub, peer);
    else if (peer->output_ended)
        peer->link->ops->end_output(peer->link);
}

void hub_end_output(struct peer *peer)
{
    if (!peer_is_up(peer) || peer->output_ended || !peer->link->ops->end_output)
        return;
    peer->output_ended = true;
    if (!feed_is_alone(peer)) /* else hub_alone_ended does it */
        peer->link->ops->end_output(peer->link);
}

void hub_shutdown(struct hub *hub)
{
    hub->shutting_down = true;
    refusals_flush(hub);
    for (struct peer *peer = hub_next(hub, NULL); peer; peer = hub_next(hub, peer))
        if (peer->state != PEER_CLOSING)
            hub_close(hub, peer, CLOSE_SHUTDOWN);
}
