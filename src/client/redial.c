/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/redial.h"

#include <stdlib.h>
#include <string.h>

#include "base/backoff.h"
#include "base/cast.h"
#include "base/mem.h"
#include "base/ut.h"
#include "loop/timeout.h"

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
    struct timeout *call;
    struct timeout *flush;
    struct backoff pauses;
    struct kept *kept, *last;
    size_t bytes; /* kept */
};

static void call_cb(void *context)
{
    struct redial *redial = CAST(redial, context);
    redial->hooks.call(redial->hooks.context);
}

static struct kept *take_first(struct redial *redial)
{
    struct kept *first = redial->kept;
    redial->kept = first->next;
    redial->bytes -= first->size;
    return first;
}

static void flush_cb(void *context)
{
    struct redial *redial = CAST(redial, context);
    while (redial->kept) {
        struct kept *first = take_first(redial);
        redial->hooks.line(redial->hooks.context, first->text, first->size);
        free(first);
    }
}

struct redial *redial_create(struct loop *loop, const struct redial_hooks *hooks)
{
    struct redial *redial = mem_zalloc(sizeof *redial);
    CAST_INIT(redial, redial);
    redial->hooks = *hooks;
    backoff_init(&redial->pauses, PAUSE_FIRST, PAUSE_MAX);
    redial->call = timeout_create(loop, LOOP_OPERATOR, PART_CONSOLE, call_cb, redial);
    redial->flush = timeout_create(loop, LOOP_OPERATOR, PART_CONSOLE, flush_cb, redial);
    return redial;
}

void redial_destroy(struct redial *redial)
{
    if (!redial)
        return;
    timeout_destroy(redial->call);
    timeout_destroy(redial->flush);
    while (redial->kept)
        free(take_first(redial));
    free(redial);
}

void redial_later(struct redial *redial, bool was_good)
{
    if (was_good)
        backoff_reset(&redial->pauses);
    timeout_stop(redial->flush); /* what was kept waits for the next line */
    timeout_set(redial->call, backoff_next(&redial->pauses));
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
    timeout_set(redial->flush, 0);
}
