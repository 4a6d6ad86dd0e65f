/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "command/operator.h"
#include "command/peers.h"
#include "core/hub.h"
#include "core/join.h"

static void run(struct operator_session *session, const struct arguments *arguments)
{
    char *error = NULL, label[PEER_LABEL];
    struct peer *peer = peers_find_one(session->hub, arguments->words[0], &error);
    if (!peer) {
        operator_answer(session, error);
        return;
    }
    peer_label(peer, label);
    const unsigned count = join_part(session->hub, peer);
    if (count == 0)
        operator_error(session, "%s is joined to nobody", label);
    else if (count == 1)
        operator_done(session, NULL);
    else
        operator_done(session, "%s is parted from %u peers", label, count);
}

const struct command cmd_part = {
    .name = "part",
    .arguments = "PEER",
    .summary = "end all joins of a line; nobody is closed",
    .help = "The line, and those that it was joined to, live on for themselves. For\n"
            "one that has ended its side --half-close begins.\n"
            "Example: /part 3\n",
    .min_words = 1,
    .max_words = 1,
    .kinds = {ARGUMENT_PEER},
    .run = run,
};
