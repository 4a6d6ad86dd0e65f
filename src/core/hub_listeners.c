/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hub's listeners. */
#include "core/hub_line.h"
#include "core/hub_parts.h"

#include <string.h>

void hub_add_listener(struct hub *hub, struct listener *listener)
{
    listener->number = ++hub->last_listener;
    listener->open = true;
    DL_APPEND(hub->listeners, listener);
}

void hub_announce_listener(struct hub *hub, const struct listener *listener)
{
    hub_tell(hub, &(struct hub_event){.type = HUB_LISTENING, .listener = listener});
}

struct listener *hub_listener(const struct hub *hub, unsigned number)
{
    struct listener *listener;
    DL_SEARCH_SCALAR(hub->listeners, listener, number, number);
    return listener;
}

struct listener *hub_find_listener(const struct hub *hub, const char *word)
{
    uint64_t number = 0;
    struct listener *listener;
    who_parse_number(word, UINT32_MAX, &number);
    DL_FOREACH(hub->listeners, listener) {
        const char *name = listener->origin.profile.name;
        if (listener->number == number || (name && strcmp(name, word) == 0))
            return listener;
    }
    return NULL;
}

void hub_remove_listener(struct hub *hub, struct listener *listener)
{
    DL_DELETE(hub->listeners, listener);
    hub_tell(hub, &(struct hub_event){.type = HUB_UNLISTENING, .listener = listener});
    for (struct peer *peer = hub_next(hub, NULL); peer; peer = hub_next(hub, peer))
        if (peer->origin == &listener->origin && peer->link->ops->datagram)
            hub_detach(hub, peer, CLOSE_OPERATOR, NULL);
    listener_release(listener);
}
