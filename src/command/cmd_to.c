/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include <string.h>

#include "base/mem.h"
#include "command/operator.h"
#include "command/operator_target.h"
#include "command/peers.h"
#include "core/peer.h"

static void run(struct operator_session *session, const struct arguments *arguments)
{
    const char *word = arguments->words[0];
    const bool none = strcmp(word, "-") == 0;
    const bool several = strchr(word, ',') || strcmp(word, "*") == 0;
    char *error = NULL;
    const struct peer *peer = NULL;
    if (several)
        error = mem_strdup("the target is one peer: @PEERS TEXT sends to several");
    else if (!none)
        peer = peers_find_one(session->hub, word, &error);
    if (!error)
        operator_target_choose(session, peer, word);
    operator_answer(session, error);
}

const struct command cmd_to = {
    .name = "to",
    .arguments = "PEER | -",
    .summary = "choose the peer that plain text goes to",
    .basic = true,
    .help = "The target stays until you choose another one or its line closes; then\n"
            "there is none, and text is refused rather than sent to somebody else.\n"
            "One that you choose by its name is the target again when a peer of that\n"
            "name is on the line again; till then the prompt says boiler (away).\n"
            "With - there is none at once. @PEER alone is short for it.\n"
            "Example: /to boiler\n"
            "         how warm is it?\n",
    .read_only = true,
    .console_only = true,
    .min_words = 1,
    .max_words = 1,
    .kinds = {ARGUMENT_PEER},
    .run = run,
};
