/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/listing.h"

#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/mem.h"
#include "command/operator.h"
#include "command/operator_task.h"

struct listing {
    struct operator_task task; /* first */
    CAST_MARK;
    listing_piece *piece;
    struct listing_place place;
    char word[]; /* place.word */
};

static bool go_on(struct operator_session *session, struct operator_task *task)
{
    struct listing *listing = CAST(listing, task);
    return listing->piece(session, &listing->place);
}

static void destroy(struct operator_task *task)
{
    free(task);
}

void listing_answer(struct operator_session *session, const char *word, listing_piece *piece)
{
    static const struct operator_task_ops ops = {.go_on = go_on, .destroy = destroy};
    struct listing_place place = {.word = word};
    if (piece(session, &place))
        return;
    const size_t size = strlen(word) + 1;
    struct listing *listing = mem_alloc(sizeof *listing + size);
    *listing = (struct listing){.task.ops = &ops, .piece = piece, .place = place};
    listing->place.word = memcpy(listing->word, word, size);
    CAST_INIT(listing, listing);
    operator_task_begin(session, &listing->task);
}
