/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/recall.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/line_end.h"

/* In microseconds. */
enum { PAUSE_FIRST = 250000, PAUSE_OF_DEVICE = 100000 };

void recall_init(struct recall *recall, int64_t longest, bool device)
{
    *recall = (struct recall){.device = device};
    backoff_init(&recall->pauses, device ? PAUSE_OF_DEVICE : PAUSE_FIRST, longest);
}

void recall_finish(struct recall *recall)
{
    free(recall->told);
    *recall = (struct recall){0};
}

void recall_made(struct recall *recall, uint64_t peer)
{
    recall->peer = peer;
}

static bool goes_on(const struct recall *recall)
{
    return recall->pauses.most > 0 && !recall->over;
}

/* It was worth the call: it said something, or stood for longer than the pauses are. */
static bool was_good(const struct recall *recall, const struct line_end *end)
{
    return recall->device || end->received > 0 || end->duration >= recall->pauses.most;
}

bool recall_failed(struct recall *recall, const char *error, int64_t *again)
{
    const bool news = !recall->told || strcmp(recall->told, error) != 0;
    *again = goes_on(recall) ? backoff_next(&recall->pauses) : 0;
    if (news) {
        free(recall->told);
        recall->told = mem_strdup(error);
    }
    return news;
}

void recall_ended(struct recall *recall, uint64_t peer, bool stood, struct line_end *end)
{
    if (peer != recall->peer)
        return;
    if (end->reason == CLOSE_OPERATOR || end->reason == CLOSE_SHUTDOWN)
        recall->over = true;
    if (!goes_on(recall))
        return;
    if (!stood) {
        const char *error = end->error ? end->error : close_reason_name(end->reason);
        end->repeated = !recall_failed(recall, error, &end->again);
        return;
    }
    if (was_good(recall, end))
        backoff_reset(&recall->pauses);
    end->again = backoff_next(&recall->pauses);
    free(recall->told);
    recall->told = NULL;
}

void recall_hang_up(struct recall *recall, uint64_t peer)
{
    if (peer == recall->peer)
        recall->over = true;
}
