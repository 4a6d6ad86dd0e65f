/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/watch.h"

#include <event2/event.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/mem.h"

struct watch {
    struct loop_hook hook;
    /* A struct event, whose size only libevent knows. */
    _Alignas(max_align_t) unsigned char event[];
};

static struct event *event_of(const struct watch *watch)
{
    return (struct event *)watch->event;
}

struct watch *watch_create(struct loop *loop, int fd, enum watch_what what,
                           enum loop_priority priority, enum part part,
                           void (*ready)(void *context), void *context)
{
    static const short events[] = {
        [WATCH_READ] = EV_READ, [WATCH_WRITE] = EV_WRITE, [WATCH_SIGNAL] = EV_SIGNAL};
    struct watch *watch = mem_zalloc(sizeof *watch + event_get_struct_event_size());
    watch->hook =
        (struct loop_hook){.loop = loop, .run = ready, .context = context, .part = part};
    loop_assign(&watch->hook, event_of(watch), fd, events[what] | EV_PERSIST, priority);
    return watch;
}

void watch_destroy(struct watch *watch)
{
    if (watch)
        event_del(event_of(watch));
    free(watch);
}

void watch_start(struct watch *watch)
{
    loop_watch(event_of(watch));
}

void watch_stop(struct watch *watch)
{
    event_del(event_of(watch));
}

bool watch_is_on(const struct watch *watch)
{
    return event_pending(event_of(watch), EV_READ | EV_WRITE | EV_SIGNAL, NULL);
}

int watch_fd(const struct watch *watch)
{
    return event_get_fd(event_of(watch));
}
