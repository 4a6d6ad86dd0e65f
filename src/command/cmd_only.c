/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include <stdlib.h>

#include "command/operator.h"

static void tell(struct operator_session *session)
{
    const struct selection *only = &session->focus.only;
    char *text = selection_text(only);
    if (only->count > 0)
        operator_done(session, "shown: only %s", text);
    else
        operator_done(session, "shown: everybody");
    free(text);
}

static void run(struct operator_session *session, const struct arguments *arguments)
{
    const char *words = arguments->words[0];
    char *error = NULL;
    if (*words && (!operator_may_select(session, words, &error) ||
                   !focus_set_only(&session->focus, words, &error)))
        operator_answer(session, error);
    else
        tell(session);
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
