/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "base/number.h"
#include "command/operator.h"
#include "command/retell.h"
#include "core/observer.h"

static void run(struct operator_session *session, const struct arguments *arguments)
{
    const char *seq = arguments->words[0], *peers = arguments->words[1];
    struct retell_query query = {.peers = *peers ? peers : "*",
                                 .types = OBSERVER_ALL,
                                 .says_lost = true,
                                 .called = "event"};
    if (number_parse(seq, UINT64_MAX, &query.after)) {
        retell_run(session, &query);
        return;
    }
    operator_error(session, "SEQ is the number of an event, or 0, as in /replay 0");
}

const struct command cmd_replay = {
    .name = "replay",
    .arguments = "SEQ [PEERS]",
    .summary = "tell again all that happened since",
    .help = "All events behind number SEQ, not only messages; of these peers alone,\n"
            "who may be gone, as in /show. Programs see the numbers, as \"seq\", and\n"
            "fill with it what they missed. What is kept no more is counted.\n"
            "Example: /replay 0 boiler\n",
    .read_only = true,
    .tells_again = true,
    .min_words = 1,
    .max_words = 2,
    .kinds = {ARGUMENT_NONE, ARGUMENT_FOCUS},
    .run = run,
};
