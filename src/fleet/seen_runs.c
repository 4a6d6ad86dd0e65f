/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/seen_runs.h"

#include <stdio.h>
#include <string.h>

static struct seen_run *find(struct seen_runs *seen, const char *run)
{
    for (unsigned i = 0; i < seen->count; i++)
        if (strcmp(seen->runs[i].run, run) == 0)
            return &seen->runs[i];
    return NULL;
}

/* The oldest makes room. */
static struct seen_run *add(struct seen_runs *seen, const char *run)
{
    if (seen->count == SEEN_RUNS) {
        memmove(seen->runs, seen->runs + 1, (SEEN_RUNS - 1) * sizeof *seen->runs);
        seen->count--;
    }
    struct seen_run *added = &seen->runs[seen->count++];
    snprintf(added->run, sizeof added->run, "%s", run);
    added->count = 0;
    return added;
}

static void remove_span(struct seen_run *run, unsigned at)
{
    run->count--;
    memmove(run->spans + at, run->spans + at + 1, (run->count - at) * sizeof *run->spans);
}

/* What is missing between the oldest two is not waited for any more. */
static void make_room(struct seen_run *run)
{
    if (run->count < SEEN_SPANS)
        return;
    run->spans[1].first = run->spans[0].first;
    remove_span(run, 0);
}

static void insert_span(struct seen_run *run, unsigned at, uint64_t seq)
{
    memmove(run->spans + at + 1, run->spans + at, (run->count - at) * sizeof *run->spans);
    run->spans[at] = (struct seen_span){.first = seq, .last = seq};
    run->count++;
}

/* The span that has it, begins behind it or is the first to end before it; or the count. */
static unsigned find_span(const struct seen_run *run, uint64_t seq)
{
    unsigned at = run->count;
    while (at > 0 && run->spans[at - 1].last + 1 >= seq)
        at--;
    return at;
}

static bool take(struct seen_run *run, uint64_t seq)
{
    const unsigned at = find_span(run, seq);
    struct seen_span *span = &run->spans[at];
    const bool touches = at < run->count && seq + 1 >= span->first;
    if (touches && seq >= span->first && seq <= span->last)
        return false;
    if (!touches)
        insert_span(run, at, seq);
    else if (seq < span->first)
        span->first = seq;
    else
        span->last = seq;
    if (at + 1 < run->count && run->spans[at].last + 1 == run->spans[at + 1].first) {
        run->spans[at + 1].first = run->spans[at].first;
        remove_span(run, at);
    }
    return true;
}

bool seen_runs_take(struct seen_runs *seen, const char *run, uint64_t seq)
{
    struct seen_run *one = find(seen, run);
    if (!one)
        one = add(seen, run);
    make_room(one);
    return take(one, seq);
}
