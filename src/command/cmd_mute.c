/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include <stdlib.h>

#include "command/operator.h"

static void tell(struct operator_session *session)
{
    const struct selection *muted = &session->focus.muted;
    char *text = selection_text(muted);
    if (muted->count > 0)
        operator_done(session, "muted: %s", text);
    else
        operator_done(session, "muted: nobody");
    free(text);
}

static void run(struct operator_session *session, const struct arguments *arguments)
{
    const char *words = arguments->words[0];
    char *error = NULL;
    if (*words && (!operator_may_select(session, words, &error) ||
                   !focus_set_muted(&session->focus, words, &error)))
        operator_answer(session, error);
    else
        tell(session);
}

const struct command cmd_mute = {
    .name = "mute",
    .arguments = "[PEERS | -]",
    .summary = "show no messages of these peers",
    .help = "PEERS are named as in /only, and come to those who are muted already. -\n"
            "ends it for all; without PEERS it tells who is muted.\n"
            "Example: /mute tracker*\n",
    .read_only = true,
    .console_only = true,
    .max_words = 1,
    .kinds = {ARGUMENT_FOCUS},
    .never_repeated = true,
    .run = run,
};
