/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "command/choosing.h"
#include "command/operator.h"

static const struct selection *get(const struct focus *focus)
{
    return &focus->only;
}

static void run(struct operator_session *session, const struct arguments *arguments)
{
    static const struct choosing choosing = {
        .set = focus_set_only, .get = get, .told = "shown: only ", .none = "shown: everybody"};
    choosing_answer(session, arguments->words[0], &choosing);
}

const struct command cmd_only = {
    .name = "only",
    .arguments = "[PEERS | -]",
    .summary = "show messages of these peers alone",
    .help = "PEERS may be numbers, names, patterns of names (boil*) and listeners\n"
            "with a colon (meters:), which are all peers that came in there; also who\n"
            "is not on the line yet. What this console sends is shown anyway. With -\n"
            "everybody is shown again; without PEERS it tells who is shown.\n"
            "Example: /only boiler,meters:\n",
    .read_only = true,
    .console_only = true,
    .max_words = 1,
    .kinds = {ARGUMENT_FOCUS},
    .never_repeated = true,
    .run = run,
};
