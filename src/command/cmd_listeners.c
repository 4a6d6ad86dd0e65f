/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "command/listing.h"
#include "command/operator.h"
#include "core/hub.h"

/* Looks at all of them each time: a listener costs a descriptor, so that there are not many. */
static bool tell_piece(struct operator_session *session, struct listing_place *place)
{
    struct origin_card cards[RESULT_LIST_MAX];
    const uint64_t told = place->last;
    struct result result = {.type = RESULT_LISTENERS, .first = told == 0};
    struct listener *listener;
    result.listeners.items = cards;
    DL_FOREACH(session->hub->listeners, listener) {
        if (listener->number <= told)
            continue;
        result.more = result.listeners.count == RESULT_LIST_MAX;
        if (result.more)
            break;
        card_of_origin(&cards[result.listeners.count++], &listener->origin);
        place->last = listener->number;
    }
    operator_result(session, &result);
    return !result.more;
}

static void run(struct operator_session *session, const struct arguments *arguments)
{
    (void)arguments;
    listing_answer(session, "", tell_piece);
}

const struct command cmd_listeners = {
    .name = "listeners",
    .arguments = "",
    .summary = "list the endpoints where peers may come in",
    .help = "One line for each listener: its number and name, its endpoint, and how\n"
            "it treats its peers (reply, eol, framing). Listeners have numbers of\n"
            "their own, which have nothing to do with those of peers.\n",
    .read_only = true,
    .run = run,
};
