/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/redial.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/mem.h"
#include "base/ut.h"
#include "loop/loop.h"

/* Microseconds. */
enum { PAUSE_FIRST = 250000, PAUSE_MAX = 8000000 };

struct kept {
    struct kept *next;
    size_t size;
    char text[];
};

struct redial {
    struct redial_hooks hooks;
    CAST_MARK;
    struct event *call;
    struct event *flush;
    int64_t pause; /* the next one */
    struct kept *kept, *last;
    size_t bytes; /* kept */
};

static void call_cb(evutil_socket_t fd, short what, void *context)
{
    struct redial *redial = CAST(redial, context);
    (void)fd, (void)what;
    redial->hooks.call(redial->hooks.context);
}

static struct kept *take_first(struct redial *redial)
{
    struct kept *first = redial->kept;
    redial->kept = first->next;
    redial->bytes -= first->size;
    return first;
}

static void flush_cb(evutil_socket_t fd, short what, void *context)
{
    struct redial *redial = CAST(redial, context);
    (void)fd, (void)what;
    while (redial->kept) {
        struct kept *first = take_first(redial);
        redial->hooks.line(redial->hooks.context, first->text, first->size);
        free(first);
    }
}

struct redial *redial_create(struct event_base *base, const struct redial_hooks *hooks)
{
    struct redial *redial = mem_zalloc(sizeof *redial);
    CAST_INIT(redial, redial);
    redial->hooks = *hooks;
    redial->pause = PAUSE_FIRST;
    redial->call = loop_event(base, -1, 0, call_cb, redial, LOOP_OPERATOR);
    redial->flush = loop_event(base, -1, 0, flush_cb, redial, LOOP_OPERATOR);
    return redial;
}

void redial_destroy(struct redial *redial)
{
    if (!redial)
        return;
    event_free(redial->call);
    event_free(redial->flush);
    while (redial->kept)
        free(take_first(redial));
    free(redial);
}

void redial_later(struct redial *redial, bool was_good)
{
    if (was_good)
        redial->pause = PAUSE_FIRST;
    event_del(redial->flush); /* what was kept waits for the next line */
    loop_arm(redial->call, redial->pause);
    redial->pause = redial->pause < PAUSE_MAX / 2 ? 2 * redial->pause : PAUSE_MAX;
}

bool redial_keep(struct redial *redial, const char *line, size_t size)
{
    if (size > REDIAL_KEPT_MAX - redial->bytes)
        return false;
    struct kept *kept = mem_alloc(sizeof *kept + size);
    *kept = (struct kept){.size = size};
    memcpy(kept->text, line, size);
    if (redial->kept)
        redial->last->next = kept;
    else
        redial->kept = kept;
    redial->last = kept;
    redial->bytes += size;
    return true;
}

bool redial_keeps(const struct redial *redial)
{
    return redial->kept != NULL;
}

void redial_flush(struct redial *redial)
{
    loop_arm(redial->flush, 0);
}
