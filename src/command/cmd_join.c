/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "command/operator.h"
#include "command/peers.h"
#include "core/hub.h"
#include "core/join.h"

static void run(struct operator_session *session, const struct arguments *arguments)
{
    struct hub *hub = session->hub;
    char *error = NULL;
    struct peer *one = peers_find_one(hub, arguments->words[0], &error);
    struct peer *other = one ? peers_find_one(hub, arguments->words[1], &error) : NULL;
    if (other && join_possible(hub, one, other, &error))
        join_begin(hub, one, other, false);
    operator_answer(session, error);
}

const struct command cmd_join = {
    .name = "join",
    .arguments = "PEER PEER",
    .summary = "pass on what one line says to the other, both ways",
    .help = "What one says goes to the other, byte for byte, and the end of one to\n"
            "the other. A line may be joined to several. One that answers by itself\n"
            "does so no more. A listener with to=ENDPOINT or to=NAME joins whoever\n"
            "comes.\n"
            "Example: /join 3 4\n",
    .min_words = 2,
    .max_words = 2,
    .kinds = {ARGUMENT_PEER, ARGUMENT_PEER},
    .run = run,
};
