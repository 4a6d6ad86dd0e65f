/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/retell.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/cast.h"
#include "base/mem.h"
#include "base/search.h"
#include "command/operator.h"
#include "command/operator_task.h"
#include "command/retell_peers.h"
#include "core/history.h"
#include "core/hub.h"
#include "core/told.h"

/* The most that are looked at before the clock is. */
enum { BETWEEN_CLOCKS = 32 };

/* First all that is kept is gone through, back from the last, for those whom the names mean;
 * then again, for where to begin; then forward. */
enum stage { MEETS, LOOKS, TELLS };

struct retell {
    struct operator_task task; /* first */
    CAST_MARK;
    struct retell_peers peers;
    struct search text;
    unsigned types;
    uint64_t most;
    bool says_lost;
    const char *called;
    enum stage stage;
    uint64_t first; /* seq of the first that may be told */
    uint64_t last;  /* and of the last */
    uint64_t at;    /* of the next that is looked at */
    uint64_t found;
};

/* What a turn has time for. */
struct share {
    const struct host *host;
    int64_t end; /* host->clock */
    unsigned looked;
    unsigned told;
};

static bool has_time(struct share *share)
{
    if (share->told >= RESULT_LIST_MAX)
        return false;
    return ++share->looked % BETWEEN_CLOCKS != 0 ||
           share->host->clock(share->host->context) < share->end;
}

/* --- which --- */

static bool says(const struct search *text, const struct told *told)
{
    if (text->size == 0)
        return true;
    return told->message.data && search_finds(text, told->message.data, told->message.size);
}

static bool is_wanted(struct retell *retell, const struct told *told)
{
    return (retell->types & OBSERVER_WANTS(told->type)) &&
           retell_peers_has(&retell->peers, told) && says(&retell->text, told);
}

/* --- looking back --- */

/* Whether it is where to begin. */
static bool look_at(struct retell *retell, const struct told *told)
{
    if (retell->stage == LOOKS)
        return is_wanted(retell, told) && ++retell->found == retell->most;
    retell_peers_has(&retell->peers, told);
    return false;
}

/* True when it has come to where to begin: retell->at. */
static bool look_back(struct retell *retell, const struct history *history, struct share *share)
{
    struct history_place place;
    struct told told;
    bool more = retell->at >= retell->first && history_find(history, retell->at, &place);
    for (; more; more = --retell->at >= retell->first && history_back(&place)) {
        if (!has_time(share))
            return false;
        history_read(&place, &told);
        if (look_at(retell, &told))
            return true;
    }
    retell->at = retell->first;
    return true;
}

/* --- telling --- */

/* Passes over what is kept no more. */
static void pass(struct operator_session *session, struct retell *retell)
{
    const struct history *history = &session->hub->history;
    const uint64_t first = history_first(history);
    uint64_t messages, events;
    if (retell->at >= first)
        return;
    history_gone(history, retell->at, retell->last, &messages, &events);
    retell->at = first;
    if (retell->says_lost && messages + events > 0)
        session->ops->lost(session, messages, events);
}

/* True when all was told. */
static bool tell(struct operator_session *session, struct retell *retell, struct share *share)
{
    struct history_place place;
    struct told told;
    pass(session, retell);
    bool more =
        retell->at <= retell->last && history_find(&session->hub->history, retell->at, &place);
    bool room = true;
    for (; more; more = ++retell->at <= retell->last && history_next(&place)) {
        if (!room || !has_time(share))
            return false;
        history_read(&place, &told);
        if (!is_wanted(retell, &told))
            continue;
        told.replayed = true;
        told.whole = retell->most == 1;
        room = session->ops->again(session, &told);
        retell->found++;
        share->told++;
    }
    return true;
}

static void answer(struct operator_session *session, const struct retell *retell)
{
    const char *called = retell->called ? retell->called : "message";
    if (retell->found == 0)
        operator_done(session, "no %s in the history", called);
    else if (retell->called)
        operator_done(session, "%" PRIu64 " %s%s", retell->found, called,
                      retell->found == 1 ? "" : "s");
    else
        operator_done(session, NULL);
}

/* --- the task --- */

static void enter(struct retell *retell, enum stage stage)
{
    const bool skips = stage == LOOKS && retell->most == 0;
    if (stage == LOOKS)
        retell->at = skips ? retell->first : retell->last;
    retell->stage = skips ? TELLS : stage;
    retell->found = 0;
}

/* Whether that ends it, because nobody was met who has such a name. */
static bool misses(struct operator_session *session, const struct retell *retell)
{
    char *error = retell_peers_missing(&retell->peers, session->hub);
    if (error)
        operator_answer(session, error);
    return error != NULL;
}

static bool go_on(struct operator_session *session, struct operator_task *task)
{
    struct retell *retell = CAST(retell, task);
    const struct host *host = &session->hub->host;
    struct share share = {.host = host, .end = host->clock(host->context) + JOBS_SLICE};
    for (; retell->stage < TELLS; enter(retell, retell->stage + 1)) {
        if (!look_back(retell, &session->hub->history, &share))
            return false;
        if (retell->stage == MEETS && misses(session, retell))
            return true;
    }
    if (!tell(session, retell, &share))
        return false;
    answer(session, retell);
    return true;
}

static void destroy(struct operator_task *task)
{
    struct retell *retell = CAST(retell, task);
    retell_peers_finish(&retell->peers);
    search_finish(&retell->text);
    free(retell);
}

static struct retell *create(const struct hub *hub, const struct retell_query *query)
{
    static const struct operator_task_ops ops = {.go_on = go_on, .destroy = destroy};
    struct retell *retell = mem_zalloc(sizeof *retell);
    *retell = (struct retell){.task.ops = &ops,
                              .types = query->types,
                              .most = query->most,
                              .says_lost = query->says_lost,
                              .called = query->called,
                              .last = hub->seq};
    retell->first = query->after < hub->seq ? query->after + 1 : hub->seq + 1;
    CAST_INIT(retell, retell);
    search_set(&retell->text, query->text, query->text_size);
    return retell;
}

void retell_run(struct operator_session *session, const struct retell_query *query)
{
    struct hub *hub = session->hub;
    char *error = NULL;
    if (hub->history.most == 0) {
        operator_error(session, "nothing is kept: telexd runs with --history 0");
        return;
    }
    struct retell *retell = create(hub, query);
    if (!retell_peers_find(&retell->peers, session, query->peers, &error)) {
        operator_answer(session, error);
        destroy(&retell->task);
        return;
    }
    if (retell->peers.by_name)
        retell->at = retell->last;
    else
        enter(retell, LOOKS);
    if (go_on(session, &retell->task))
        destroy(&retell->task);
    else
        operator_task_begin(session, &retell->task);
}
