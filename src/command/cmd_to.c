/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include <string.h>

#include "command/operator.h"
#include "command/peers.h"
#include "core/peer.h"

static void run(struct operator_session *session, const struct arguments *arguments)
{
    const char *word = arguments->words[0];
    const bool none = strcmp(word, "-") == 0;
    char *error = NULL;
    const struct peer *peer = none ? NULL : peers_find_one(session->hub, word, &error);
    if (!error)
        operator_set_target(session, peer ? peer->number : 0);
    operator_answer(session, error);
}

const struct command cmd_to = {
    .name = "to",
    .arguments = "PEER | -",
    .summary = "choose the peer that plain text goes to",
    .help = "The target stays until you choose another one or its line closes; then\n"
            "there is none, and text is refused rather than sent to somebody else.\n"
            "With - there is none at once.\n"
            "Example: /to 3\n"
            "         how warm is it?\n",
    .read_only = true,
    .min_words = 1,
    .max_words = 1,
    .kinds = {ARGUMENT_PEER},
    .run = run,
};
