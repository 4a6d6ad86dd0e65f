/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/listing.h"

#include <stdlib.h>

#include "base/cast.h"
#include "base/mem.h"
#include "command/operator.h"
#include "command/operator_task.h"

struct listing {
    struct operator_task task; /* first */
    CAST_MARK;
    listing_piece *piece;
    uint64_t last; /* number of the last entry that was told */
};

static bool go_on(struct operator_session *session, struct operator_task *task)
{
    struct listing *listing = CAST(listing, task);
    return listing->piece(session, &listing->last);
}

static void destroy(struct operator_task *task)
{
    free(task);
}

void listing_answer(struct operator_session *session, listing_piece *piece)
{
    static const struct operator_task_ops ops = {.go_on = go_on, .destroy = destroy};
    uint64_t last = 0;
    if (piece(session, &last))
        return;
    struct listing *listing = mem_alloc(sizeof *listing);
    *listing = (struct listing){.task.ops = &ops, .piece = piece, .last = last};
    CAST_INIT(listing, listing);
    operator_task_begin(session, &listing->task);
}
