/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/errand.h"

#include "base/cast.h"
#include "command/operator.h"
#include "core/hub.h"

static struct errand *errand_of(struct operator_task *task)
{
    return container_of(task, struct errand, task);
}

/* What a turn has time for. */
struct share {
    const struct host *host;
    int64_t end; /* host->clock */
    unsigned left;
};

static bool has_time(struct share *share)
{
    return share->left-- > 0 && share->host->clock(share->host->context) < share->end;
}

/* Sets agreed when all were asked, unless one of them objects. */
static char *ask(const struct hub *hub, struct errand *errand, struct share share)
{
    char *objection = NULL;
    struct peer *peer;
    while (!objection && !errand->agreed && has_time(&share)) {
        if (!peers_next(&errand->peers, hub, &peer))
            errand->agreed = true;
        else if (peer)
            objection = errand->ops->object(errand, peer);
    }
    if (errand->agreed)
        peers_rewind(&errand->peers);
    return objection;
}

/* Whether all were visited. */
static bool visit(struct operator_session *session, struct errand *errand, struct share share)
{
    struct peer *peer;
    while (has_time(&share)) {
        if (!peers_next(&errand->peers, session->hub, &peer))
            return true;
        errand->ops->visit(session, errand, peer);
    }
    return false;
}

static bool go_on(struct operator_session *session, struct operator_task *task)
{
    struct errand *errand = errand_of(task);
    const struct host *host = &session->hub->host;
    const struct share share = {
        .host = host, .end = host->clock(host->context) + JOBS_SLICE, .left = ERRAND_PIECE};
    char *objection = errand->agreed ? NULL : ask(session->hub, errand, share);
    if (objection)
        operator_answer(session, objection);
    if (objection || !errand->agreed || !visit(session, errand, share))
        return objection != NULL;
    errand->ops->answer(session, errand);
    return true;
}

static void destroy(struct operator_task *task)
{
    struct errand *errand = errand_of(task);
    peers_finish(&errand->peers);
    errand->ops->destroy(errand);
}

void errand_run(struct operator_session *session, struct errand *errand)
{
    static const struct operator_task_ops ops = {.go_on = go_on, .destroy = destroy};
    errand->task.ops = &ops;
    errand->task.quiet = true;
    errand->agreed = !errand->ops->object;
    if (go_on(session, &errand->task))
        destroy(&errand->task);
    else
        operator_task_begin(session, &errand->task);
}
