/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/audience.h"

#include <stdlib.h>
#include <string.h>

#include "base/ut.h"
#include "core/hub_event.h"
#include "core/listener.h"

/* --- who is in it --- */

void audience_join(struct audience *audience, struct observer *observer)
{
    observer->joined = audience->happened;
    DL_APPEND(audience->observers, observer);
    audience_wants_changed(audience);
}

void audience_leave(struct audience *audience, struct observer *observer)
{
    if (audience->next == observer)
        audience->next = observer->next;
    DL_DELETE(audience->observers, observer);
    audience_wants_changed(audience);
}

void audience_wants_changed(struct audience *audience)
{
    struct observer *observer;
    audience->wanted = 0;
    DL_FOREACH(audience->observers, observer)
        audience->wanted |= observer->wants;
}

/* --- what is kept for later --- */

/* An event with copies of what it borrows. */
struct kept_event {
    struct hub_event event;
    struct origin *origin; /* of event.listener, referenced: the listener begins with it */
    uint64_t number;
    struct kept_event *prev, *next;
    char bytes[];
};

static size_t text_size(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

static size_t borrowed_size(const struct hub_event *event)
{
    switch (event->type) {
    case HUB_MESSAGE:
    case HUB_SENT:
        return event->message.size + event->message.to.count * sizeof(uint64_t);
    case HUB_NOTE:
        return text_size(event->note);
    case HUB_CLOSE:
        return text_size(event->close.error);
    case HUB_REFUSED:
        return text_size(event->refused.remote);
    case HUB_FILE:
        return text_size(event->file.path) + text_size(event->file.error);
    case HUB_CONSOLE:
        return text_size(event->console.text);
    default:
        return 0;
    }
}

/* Makes *text a copy that stands at room; returns where the next may stand. */
static char *copy_text(const char **text, char *room)
{
    size_t size = text_size(*text);
    if (size > 0)
        *text = memcpy(room, *text, size);
    return room + size;
}

static void copy_message(struct message *message, char *room)
{
    const size_t to = message->to.count * sizeof(uint64_t);
    if (message->size > 0)
        message->data = memcpy(room, message->data, message->size);
    if (to > 0)
        message->to.numbers = memcpy(room + message->size, message->to.numbers, to);
}

static void copy_borrowed(struct hub_event *event, char *room)
{
    switch (event->type) {
    case HUB_MESSAGE:
    case HUB_SENT:
        copy_message(&event->message, room);
        break;
    case HUB_NOTE:
        copy_text(&event->note, room);
        break;
    case HUB_CLOSE:
        copy_text(&event->close.error, room);
        break;
    case HUB_REFUSED:
        copy_text(&event->refused.remote, room);
        break;
    case HUB_FILE:
        copy_text(&event->file.error, copy_text(&event->file.path, room));
        break;
    case HUB_CONSOLE:
        copy_text(&event->console.text, room);
        break;
    default:
        break;
    }
}

static void keep(struct audience *audience, const struct hub_event *event)
{
    size_t size = sizeof(struct kept_event) + borrowed_size(event);
    struct kept_event *kept = mem_alloc(size);
    kept->event = *event;
    kept->number = audience->happened;
    copy_borrowed(&kept->event, kept->bytes);
    kept->origin =
        event->listener ? origin_reference((struct origin *)&event->listener->origin) : NULL;
    DL_APPEND(audience->kept, kept);
    audience->kept_bytes += size;
}

static void release(struct kept_event *kept)
{
    origin_release(kept->origin);
    free(kept);
}

bool audience_is_full(const struct audience *audience)
{
    return audience->kept_bytes >= AUDIENCE_KEPT_MAX;
}

/* --- telling --- */

static void deliver(struct audience *audience, const struct hub_event *event, uint64_t number)
{
    struct observer *observer;
    for (observer = audience->observers; observer; observer = audience->next) {
        audience->next = observer->next;
        if ((observer->wants & OBSERVER_WANTS(event->type)) && observer->joined < number)
            observer->notice(observer, event);
    }
}

static void deliver_kept(struct audience *audience)
{
    struct kept_event *kept;
    while ((kept = audience->kept)) {
        DL_DELETE(audience->kept, kept);
        deliver(audience, &kept->event, kept->number);
        release(kept);
    }
    audience->kept_bytes = 0;
}

void audience_tell(struct audience *audience, const struct hub_event *event)
{
    audience->happened++;
    if (audience->telling) {
        keep(audience, event);
        return;
    }
    audience->telling = true;
    deliver(audience, event, audience->happened);
    deliver_kept(audience);
    audience->telling = false;
}
