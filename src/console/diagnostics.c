/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/diagnostics.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/log.h"
#include "base/mem.h"
#include "loop/outlet.h"

enum { DIAGNOSTICS_BACKLOG = 64 << 10, DIAGNOSTICS_PATIENCE = 1000000 /* microseconds */ };

struct diagnostics {
    struct log_sink sink; /* first: found from it */
    CAST_MARK;
    struct log_sink *former;
    struct outlet *outlet;
};

/* Written at once where there is room: what the program dies of must not wait for a turn. */
static bool take(struct log_sink *sink, const char *line, size_t size)
{
    struct outlet *outlet = CAST(diagnostics, sink)->outlet;
    if (outlet_backlog(outlet) > DIAGNOSTICS_BACKLOG)
        return false;
    outlet_write(outlet, line, size);
    outlet_flush(outlet);
    return true;
}

static void drained(void *context)
{
    (void)context;
    log_retry();
}

/* Nobody reads stderr any more, and nobody is left to be told. */
static void broken(void *context)
{
    (void)context;
}

struct diagnostics *diagnostics_create(struct loop *loop)
{
    static const struct outlet_callbacks callbacks = {.drained = drained, .broken = broken};
    struct diagnostics *diagnostics = mem_zalloc(sizeof *diagnostics);
    CAST_INIT(diagnostics, diagnostics);
    diagnostics->sink.take = take;
    diagnostics->outlet = outlet_create(loop, STDERR_FILENO, &callbacks, diagnostics);
    outlet_set_small(diagnostics->outlet, 0);
    outlet_set_patience(diagnostics->outlet, DIAGNOSTICS_PATIENCE);
    diagnostics->former = log_divert(&diagnostics->sink);
    return diagnostics;
}

void diagnostics_destroy(struct diagnostics *diagnostics)
{
    if (!diagnostics)
        return;
    log_divert(diagnostics->former);
    size_t left = outlet_destroy(diagnostics->outlet);
    if (left == 0)
        log_retry();
    free(diagnostics);
}
