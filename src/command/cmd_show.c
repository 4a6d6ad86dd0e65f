/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "base/number.h"
#include "command/operator.h"
#include "command/retell.h"
#include "core/hub_event.h"
#include "core/observer.h"

enum { SHOWN = 20 };

static void run(struct operator_session *session, const struct arguments *arguments)
{
    const char *peers = arguments->words[0], *count = arguments->words[1];
    struct retell_query query = {.peers = *peers ? peers : "*",
                                 .types = OBSERVER_MESSAGES | OBSERVER_WANTS(HUB_FILE),
                                 .most = SHOWN};
    if (*count && (!number_parse(count, UINT64_MAX, &query.most) || query.most == 0))
        operator_error(session, "how many is a number from 1 on, as in /show boiler 50");
    else
        retell_run(session, &query);
}

const struct command cmd_show = {
    .name = "show",
    .arguments = "[PEERS [N]]",
    .summary = "show the last messages again",
    .basic = true,
    .help = "The last N (20) messages to and from these peers, or from all. PEERS may\n"
            "also be gone: a number, or a name that they had; or patterns of names\n"
            "(boil*) and listeners with a colon (meters:). With N 1 a long message is\n"
            "shown whole. How much is kept, telexd's --history says.\n"
            "Example: /show boiler 50\n",
    .read_only = true,
    .tells_again = true,
    .max_words = 2,
    .kinds = {ARGUMENT_FOCUS},
    .run = run,
};
