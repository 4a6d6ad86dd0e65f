/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "telex-bench/clock.h"
#include "telex-bench/run.h"

static const int64_t interval = CLOCK_SECOND / 2;

int64_t progress_first(const struct run *run)
{
    if (run->settings->quiet || !isatty(STDERR_FILENO))
        return INT64_MAX;
    return clock_now() + interval;
}

int64_t progress_show(struct run *run, int64_t now)
{
    fprintf(stderr, "\r%" PRIu64 " operations\x1b[K", run->tally.operations);
    return now + interval;
}

void progress_clear(const struct run *run)
{
    if (run->next_progress != INT64_MAX)
        fprintf(stderr, "\r\x1b[K");
}
