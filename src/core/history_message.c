/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/history_message.h"

#include <string.h>

#include "core/link.h"
#include "core/listener.h"
#include "core/told.h"

enum {
    HAS_NAME = 1 << 0, /* of the peer */
    HAS_LISTENER_NAME = 1 << 1,
    HAS_GROUP = 1 << 2,
    HAS_VIEW = 1 << 3,
    IS_DATAGRAM = 1 << 4,
    IS_PARTIAL = 1 << 5,
    IS_BAD = 1 << 6,
    IS_AUTOMATIC = 1 << 7,
    IS_ANSWERED = 1 << 8,
};

static struct who listener_of(const struct peer *peer)
{
    return listener_who(origin_listener(peer->origin));
}

static size_t text_size(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

size_t history_message_size(const struct hub_event *event)
{
    const size_t group = event->message.group.number != 0 ? sizeof(struct message_group) : 0;
    return sizeof(struct history_message) + group + text_size(event->peer->name) +
           text_size(listener_of(event->peer).name) +
           event->message.to.count * sizeof(uint64_t);
}

static unsigned when(bool condition, unsigned bit)
{
    return condition ? bit : 0;
}

static unsigned flags_of(const struct hub_event *event)
{
    const struct peer *peer = event->peer;
    const struct message *message = &event->message;
    return when(peer->name, HAS_NAME) | when(listener_of(peer).name, HAS_LISTENER_NAME) |
           when(message->group.number != 0, HAS_GROUP) |
           when(peer->origin->profile.has_view, HAS_VIEW) |
           when(peer->link->ops->datagram, IS_DATAGRAM) | when(message->partial, IS_PARTIAL) |
           when(message->bad, IS_BAD) | when(message->automatic, IS_AUTOMATIC);
}

/* Returns where the next may stand. */
static char *add(char *room, const void *data, size_t size)
{
    memcpy(room, data, size);
    return room + size;
}

static char *add_text(char *room, const char *text)
{
    return text ? add(room, text, strlen(text) + 1) : room;
}

void history_message_write(const struct hub_event *event, struct history_message *kept)
{
    const struct peer *peer = event->peer;
    const struct who listener = listener_of(peer);
    char *room = (char *)(kept + 1);
    *kept = (struct history_message){.seq = event->seq,
                                     .time = event->time,
                                     .peer = peer->number,
                                     .size = event->message.size,
                                     .listener = (uint32_t)listener.number,
                                     .console = event->message.console,
                                     .to = (uint32_t)event->message.to.count,
                                     .flags = (uint16_t)flags_of(event),
                                     .type = (uint8_t)event->type,
                                     .view = (uint8_t)peer->origin->profile.view};
    if (kept->flags & HAS_GROUP)
        room = add(room, &event->message.group, sizeof event->message.group);
    room = add_text(room, peer->name);
    room = add_text(room, listener.name);
    if (kept->to > 0)
        add(room, event->message.to.numbers, kept->to * sizeof(uint64_t));
}

/* Takes what stands at *from, where there is one. */
static const char *take_text(const char **from, bool has)
{
    const char *text = has ? *from : NULL;
    *from += text_size(text);
    return text;
}

bool history_message_answer(struct history_message *kept, const struct hub_event *event)
{
    if (event->type != HUB_SENT || !event->message.automatic || kept->type != HUB_MESSAGE ||
        (kept->flags & IS_ANSWERED) || kept->peer != event->peer->number ||
        kept->time != event->time)
        return false;
    kept->flags |= IS_ANSWERED;
    return true;
}

bool history_message_is_answered(const struct history_message *kept)
{
    return kept->flags & IS_ANSWERED;
}

static void make_answer(struct told *told)
{
    told->type = HUB_SENT;
    told->seq++;
    told->message = (struct message){.size = told->message.size, .automatic = true};
}

void history_message_read(const struct history_message *kept, bool answer, struct told *told)
{
    const char *from = (const char *)(kept + 1);
    *told = (struct told){.type = kept->type,
                          .seq = kept->seq,
                          .time = kept->time,
                          .datagram = kept->flags & IS_DATAGRAM,
                          .has_view = kept->flags & HAS_VIEW,
                          .view = kept->view,
                          .peer.number = kept->peer,
                          .listener.number = kept->listener,
                          .message = {.size = kept->size,
                                      .partial = kept->flags & IS_PARTIAL,
                                      .bad = kept->flags & IS_BAD,
                                      .automatic = kept->flags & IS_AUTOMATIC,
                                      .console = kept->console}};
    if (kept->flags & HAS_GROUP) {
        memcpy(&told->message.group, from, sizeof told->message.group);
        from += sizeof told->message.group;
    }
    told->peer.name = take_text(&from, kept->flags & HAS_NAME);
    told->listener.name = take_text(&from, kept->flags & HAS_LISTENER_NAME);
    told->message.to = (struct message_to){.numbers = from, .count = kept->to};
    if (answer)
        make_answer(told);
}
