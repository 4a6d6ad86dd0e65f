/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/timeout.h"

#include <event2/event.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/cast.h"
#include "base/jobs.h"
#include "base/mem.h"

struct timeout {
    struct loop_hook hook;
    CAST_MARK;
    void (*fired)(void *context); /* of one of many */
    void *context;
    struct job due; /* likewise: its time is over, and it waits for its piece of a turn */
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

static void fire(struct job *job)
{
    const struct timeout *timeout = container_of(job, struct timeout, due);
    timeout->fired(timeout->context);
}

static void due_cb(void *context)
{
    struct timeout *timeout = CAST(timeout, context);
    loop_later(timeout->hook.loop, &timeout->due);
}

struct timeout *timeout_create_of_many(struct loop *loop, enum part part,
                                       void (*fired)(void *context), void *context)
{
    struct timeout *timeout = timeout_create(loop, LOOP_PEERS, part, due_cb, NULL);
    CAST_INIT(timeout, timeout);
    timeout->hook.context = timeout;
    timeout->fired = fired;
    timeout->context = context;
    timeout->due = (struct job){.run = fire, .part = part};
    return timeout;
}

void timeout_destroy(struct timeout *timeout)
{
    if (timeout)
        timeout_stop(timeout);
    free(timeout);
}

void timeout_set(struct timeout *timeout, int64_t microseconds)
{
    jobs_forget(&timeout->due);
    loop_arm(event_of(timeout), microseconds);
}

void timeout_start(struct timeout *timeout, int64_t microseconds)
{
    if (!timeout_is_set(timeout))
        timeout_set(timeout, microseconds);
}

void timeout_stop(struct timeout *timeout)
{
    jobs_forget(&timeout->due);
    event_del(event_of(timeout));
}

bool timeout_is_set(const struct timeout *timeout)
{
    return timeout->due.list || event_pending(event_of(timeout), EV_TIMEOUT, NULL);
}
