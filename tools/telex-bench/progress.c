/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/ut.h"
#include "telex-bench/clock.h"
#include "telex-bench/run.h"
#include "telex-bench/table.h"

static const int64_t interval = CLOCK_SECOND / 2;

int64_t progress_first(const struct run *run)
{
    if (run->settings->quiet || !isatty(STDERR_FILENO))
        return INT64_MAX;
    return clock_now() + interval;
}

static void show_opening(const struct run *run, UT_string *line)
{
    char opened[TABLE_TEXT], clients[TABLE_TEXT];
    table_count(run->opened, opened);
    table_count(run->settings->clients, clients);
    utstring_printf(line, "connected %s of %s", opened, clients);
}

static void show_measuring(const struct run *run, int64_t now, UT_string *line)
{
    const struct histogram *latency = &run->tally.latency;
    char rate[TABLE_TEXT], p50[TABLE_TEXT], p99[TABLE_TEXT], lost[TABLE_TEXT];
    double seconds = (double)(now - run->begin) / CLOCK_SECOND;
    table_count((uint64_t)((double)run->tally.operations / seconds), rate);
    table_time((double)histogram_quantile(latency, 0.5) / CLOCK_MICROSECOND, p50);
    table_time((double)histogram_quantile(latency, 0.99) / CLOCK_MICROSECOND, p99);
    table_count(run->tally.lost, lost);
    utstring_printf(line, "%.1f of %.1f s", seconds, (double)run->settings->time / 1e6);
    if (!run->mode->holds)
        utstring_printf(line, ", %s a second, p50 %s, p99 %s", rate, p50, p99);
    if (run->tally.lost > 0)
        utstring_printf(line, ", %s lost", lost);
}

static void show_faults(const struct tally *tally, UT_string *line)
{
    if (tally->errors > 0)
        utstring_printf(line, ", %" PRIu64 " broken", tally->errors);
    if (tally->mismatched > 0)
        utstring_printf(line, ", %" PRIu64 " wrong", tally->mismatched);
}

int64_t progress_show(const struct run *run, int64_t now)
{
    UT_string line;
    utstring_init(&line);
    utstring_printf(&line, "\r");
    if (run->opened < run->settings->clients)
        show_opening(run, &line);
    else if (run->begin == INT64_MAX)
        utstring_printf(&line, "warming up");
    else if (run->end == INT64_MAX)
        show_measuring(run, now, &line);
    else
        utstring_printf(&line, "waiting for the last answers");
    show_faults(&run->tally, &line);
    utstring_printf(&line, "\x1b[K");
    fwrite(utstring_body(&line), 1, utstring_len(&line), stderr);
    utstring_done(&line);
    return now + interval;
}

void progress_clear(const struct run *run)
{
    if (run->next_progress != INT64_MAX)
        fprintf(stderr, "\r\x1b[K");
}
