/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/timeout.h"

#include <event2/event.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/mem.h"

struct timeout {
    struct loop_hook hook;
    /* A struct event, whose size only libevent knows. */
    _Alignas(max_align_t) unsigned char event[];
};

static struct event *event_of(const struct timeout *timeout)
{
    return (struct event *)timeout->event;
}

struct timeout *timeout_create(struct loop *loop, enum loop_priority priority, enum part part,
                               void (*fired)(void *context), void *context)
{
    struct timeout *timeout = mem_zalloc(sizeof *timeout + event_get_struct_event_size());
    timeout->hook =
        (struct loop_hook){.loop = loop, .run = fired, .context = context, .part = part};
    loop_assign(&timeout->hook, event_of(timeout), -1, 0, priority);
    return timeout;
}

void timeout_destroy(struct timeout *timeout)
{
    if (timeout)
        event_del(event_of(timeout));
    free(timeout);
}

void timeout_set(struct timeout *timeout, int64_t microseconds)
{
    loop_arm(event_of(timeout), microseconds);
}

void timeout_start(struct timeout *timeout, int64_t microseconds)
{
    if (!timeout_is_set(timeout))
        timeout_set(timeout, microseconds);
}

void timeout_stop(struct timeout *timeout)
{
    event_del(event_of(timeout));
}

bool timeout_is_set(const struct timeout *timeout)
{
    return event_pending(event_of(timeout), EV_TIMEOUT, NULL);
}
