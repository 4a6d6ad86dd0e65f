/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/redial.h"

#include <stdlib.h>

#include "base/backoff.h"
#include "base/cast.h"
#include "base/mem.h"
#include "loop/timeout.h"

struct redial {
    redial_call *again;
    CAST_MARK;
    void *context;
    struct timeout *call;
    struct backoff pauses;
};

static void call_cb(void *context)
{
    struct redial *redial = CAST(redial, context);
    redial->again(redial->context);
}

struct redial *redial_create(struct loop *loop, int64_t first, int64_t most, redial_call *again,
                             void *context)
{
    struct redial *redial = mem_zalloc(sizeof *redial);
    CAST_INIT(redial, redial);
    redial->again = again;
    redial->context = context;
    backoff_init(&redial->pauses, first, most);
    redial->call = timeout_create(loop, LOOP_OPERATOR, PART_CONSOLE, call_cb, redial);
    return redial;
}

void redial_destroy(struct redial *redial)
{
    if (!redial)
        return;
    timeout_destroy(redial->call);
    free(redial);
}

void redial_later(struct redial *redial, bool was_good)
{
    if (was_good)
        backoff_reset(&redial->pauses);
    timeout_set(redial->call, backoff_next(&redial->pauses));
}

void redial_after(struct redial *redial, int64_t microseconds)
{
    timeout_set(redial->call, microseconds);
}
