/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/told.h"

#include "core/hub_parts.h"
#include "core/link.h"
#include "core/listener.h"

bool told_is_message(const struct told *told)
{
    return told->type == HUB_MESSAGE || told->type == HUB_SENT;
}

bool told_is_sent_by(const struct told *told, unsigned console)
{
    return told->type == HUB_SENT && !told->replayed && !told->message.automatic &&
           told->message.console == console;
}

struct where told_where(const struct peer *peer, struct link_description *room)
{
    room->remote[0] = room->local[0] = '\0';
    room->has_credentials = false;
    room->tls = (struct tls_facts){0};
    peer->link->ops->describe(peer->link, room);
    return (struct where){.transport = schemes[hub_scheme(peer)].name,
                          .remote = room->remote,
                          .local = room->local,
                          .has_credentials = room->has_credentials,
                          .pid = room->pid,
                          .uid = room->uid,
                          .listener = listener_who(origin_listener(peer->origin)),
                          .tls = room->tls};
}

static void tell_message(struct message *told, const struct message *message)
{
    *told = *message;
    if (message->size == 0)
        told->data = ""; /* NULL would be data that is not told */
}

/* What stands in the event as it is told; of other types that it happened is all. */
static void tell_values(struct told *told, const struct hub_event *event)
{
    switch (event->type) {
    case HUB_NOTE:
        told->note = event->note;
        break;
    case HUB_JOIN:
    case HUB_PART:
        told->other = event->other->number;
        break;
    case HUB_LINE:
        told->lines = event->lines;
        break;
    case HUB_CLOSE:
        told->close = event->close;
        break;
    case HUB_REFUSED:
        told->refused = event->refused;
        break;
    case HUB_FILE:
        told->file = event->file;
        break;
    case HUB_CONSOLE:
        told->console = event->console;
        break;
    default:
        break;
    }
}

static void tell_details(struct told *told, const struct hub_event *event,
                         struct link_description *room)
{
    switch (event->type) {
    case HUB_LISTENING:
    case HUB_UNLISTENING:
        told->endpoint = event->listener->origin.text;
        told->fingerprint = listener_fingerprint(event->listener);
        break;
    case HUB_OPEN:
        told->open = told_where(event->peer, room);
        break;
    case HUB_MESSAGE:
    case HUB_SENT:
        tell_message(&told->message, &event->message);
        told->has_view = event->peer->origin->profile.has_view;
        told->view = event->peer->origin->profile.view;
        break;
    default:
        tell_values(told, event);
        break;
    }
}

void told_of_event(struct told *told, const struct hub_event *event,
                   struct link_description *room)
{
    const struct peer *peer = event->peer;
    const struct listener *listener = peer ? origin_listener(peer->origin) : event->listener;
    *told = (struct told){.type = event->type,
                          .seq = event->seq,
                          .time = event->time,
                          .listener = listener_who(listener)};
    if (peer) {
        told->peer = peer_who(peer);
        told->datagram = peer->link->ops->datagram;
    }
    tell_details(told, event, room);
}
