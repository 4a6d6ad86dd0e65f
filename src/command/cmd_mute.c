/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "command/choosing.h"
#include "command/operator.h"

static const struct selection *get(const struct focus *focus)
{
    return &focus->muted;
}

static void run(struct operator_session *session, const struct arguments *arguments)
{
    static const struct choosing choosing = {
        .set = focus_set_muted, .get = get, .told = "muted: ", .none = "muted: nobody"};
    choosing_answer(session, arguments->words[0], &choosing);
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
