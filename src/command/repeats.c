/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/repeats.h"

#include <stdlib.h>
#include <string.h>

#include "base/alarms.h"
#include "base/cast.h"
#include "base/mem.h"
#include "base/ut.h"
#include "command/operator.h"
#include "core/hub.h"

/* A run that finds no room is tried again after so long: microseconds. */
enum { RETRY = 100000 };

struct repeat {
    struct repeat_card card; /* first */
    int64_t due;             /* hub clock */
    char *error;             /* of its last run; NULL: it was done */
    uint64_t failures;       /* with that error in a row */
    struct repeat *prev, *next;
    char line[];
};

struct repeats {
    struct operator_session *session;
    struct repeat *list; /* utlist, in order of number */
    unsigned count;
    unsigned last; /* number that was given */
    size_t bytes;  /* of all lines */
    struct alarm alarm;
    struct job job; /* runs those that are due, one a turn */
};

static struct repeat *soonest(const struct repeats *repeats)
{
    struct repeat *repeat, *found = repeats->list;
    DL_FOREACH(repeats->list, repeat) {
        if (repeat->due < found->due)
            found = repeat;
    }
    return found;
}

static struct repeat *find(const struct repeats *repeats, unsigned number)
{
    struct repeat *repeat = repeats ? repeats->list : NULL;
    while (repeat && repeat->card.number != number)
        repeat = repeat->next;
    return repeat;
}

/* --- when --- */

/* Waits for the soonest. */
static void plan(struct repeats *repeats)
{
    const struct host *host = &repeats->session->hub->host;
    const struct repeat *repeat = soonest(repeats);
    const int64_t wait = repeat ? repeat->due - hub_now(repeats->session->hub) : 0;
    jobs_forget(&repeats->alarm.job);
    if (repeat && wait <= 0)
        host->later(host->context, &repeats->job);
    else if (repeat)
        host->alarm(host->context, &repeats->alarm, wait);
}

/* From the time that it should have had; what was missed is left out. */
static void advance(struct repeat *repeat, int64_t now)
{
    const int64_t period = repeat->card.period;
    repeat->due += period * (1 + (now - repeat->due) / period);
}

static void run_soonest(struct repeats *repeats)
{
    struct operator_session *session = repeats->session;
    const struct host *host = &session->hub->host;
    struct repeat *repeat = soonest(repeats);
    if (!repeat || session->leaving)
        return;
    if (repeat->due <= hub_now(session->hub)) {
        if (!session->ops->repeat(session, &repeat->card)) {
            host->alarm(host->context, &repeats->alarm, RETRY);
            return;
        }
        advance(repeat, hub_now(session->hub));
    }
    plan(repeats);
}

static void run_job(struct job *job)
{
    run_soonest(container_of(job, struct repeats, job));
}

/* Among what other operators want done in a turn. */
static void run_alarm(struct job *job)
{
    struct repeats *repeats = container_of(job, struct repeats, alarm.job);
    const struct host *host = &repeats->session->hub->host;
    host->later(host->context, &repeats->job);
}

/* --- which --- */

static struct repeats *repeats_of(struct operator_session *session)
{
    if (session->repeats)
        return session->repeats;
    struct repeats *repeats = mem_zalloc(sizeof *repeats);
    repeats->session = session;
    repeats->alarm.job = (struct job){.run = run_alarm, .part = PART_CONSOLE};
    repeats->job = (struct job){.run = run_job, .part = PART_CONSOLE};
    session->repeats = repeats;
    return repeats;
}

static char *no_room(const struct repeats *repeats, size_t size)
{
    if (repeats->count >= REPEATS_MAX)
        return mem_printf("%u lines are typed again and again, and more cannot be: /every - N "
                          "ends one",
                          repeats->count);
    if (size > REPEATS_BYTES_MAX - repeats->bytes)
        return mem_printf("the lines that are typed again and again may have %d bytes together",
                          REPEATS_BYTES_MAX);
    return NULL;
}

const struct repeat_card *repeats_add(struct operator_session *session, int64_t period,
                                      const char *line, size_t size, char **error)
{
    struct repeats *repeats = repeats_of(session);
    *error = no_room(repeats, size);
    if (*error)
        return NULL;
    struct repeat *repeat = mem_zalloc(sizeof *repeat + size + 1);
    memcpy(repeat->line, line, size);
    repeat->card = (struct repeat_card){
        .number = ++repeats->last, .period = period, .line = repeat->line, .size = size};
    repeat->due = hub_now(session->hub);
    repeats->count++;
    repeats->bytes += size;
    DL_APPEND(repeats->list, repeat);
    plan(repeats);
    return &repeat->card;
}

static void end(struct repeats *repeats, struct repeat *repeat)
{
    DL_DELETE(repeats->list, repeat);
    repeats->count--;
    repeats->bytes -= repeat->card.size;
    free(repeat->error);
    free(repeat);
    plan(repeats);
}

bool repeats_end(struct operator_session *session, unsigned number)
{
    struct repeat *repeat = find(session->repeats, number);
    if (repeat)
        end(session->repeats, repeat);
    return repeat != NULL;
}

void repeats_end_all(struct operator_session *session)
{
    while (session->repeats && session->repeats->list)
        end(session->repeats, session->repeats->list);
}

unsigned repeats_count(const struct operator_session *session)
{
    return session->repeats ? session->repeats->count : 0;
}

const struct repeat_card *repeats_next(const struct operator_session *session,
                                       const struct repeat_card *card)
{
    const struct repeat *next = NULL;
    if (card)
        next = container_of(card, struct repeat, card)->next;
    else if (session->repeats)
        next = session->repeats->list;
    return next ? &next->card : NULL;
}

/* --- how it went --- */

static void forget_error(struct repeat *repeat)
{
    free(repeat->error);
    repeat->error = NULL;
    repeat->failures = 0;
}

uint64_t repeats_failed(struct operator_session *session, const char *error)
{
    struct repeat *repeat = find(session->repeats, session->every);
    if (!repeat)
        return 0;
    if (!repeat->error || strcmp(repeat->error, error) != 0) {
        forget_error(repeat);
        repeat->error = mem_strdup(error);
    }
    return ++repeat->failures;
}

void repeats_worked(struct operator_session *session)
{
    struct repeat *repeat = find(session->repeats, session->every);
    if (repeat)
        forget_error(repeat);
}

void repeats_finish(struct operator_session *session)
{
    if (!session->repeats)
        return;
    repeats_end_all(session);
    jobs_forget(&session->repeats->alarm.job);
    jobs_forget(&session->repeats->job);
    free(session->repeats);
    session->repeats = NULL;
}
