/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "command/operator.h"
#include "command/peers.h"
#include "core/hub.h"

static void run(struct operator_session *session, const struct arguments *arguments)
{
    char *error = NULL;
    const struct peer *peer = peers_find_one(session->hub, arguments->words[0], &error);
    if (!peer) {
        operator_answer(session, error);
        return;
    }
    struct link_description room;
    struct result result = {.type = RESULT_PEER, .first = true};
    card_of_peer(&result.peer.card, peer, hub_now(session->hub), &room);
    card_of_origin(&result.peer.origin, peer->origin);
    card_fill_origin(&result.peer.origin, &result.peer.card);
    operator_result(session, &result);
}

const struct command cmd_info = {
    .name = "info",
    .arguments = "PEER",
    .summary = "tell all about one peer",
    .basic = true,
    .help = "Both addresses of its line, the listener it came in by, its state, how\n"
            "many bytes were received, sent and wait to be sent, and how long it has\n"
            "been silent; for a Unix-socket peer also its process and user.\n"
            "Example: /info 3\n",
    .read_only = true,
    .min_words = 1,
    .max_words = 1,
    .kinds = {ARGUMENT_PEER},
    .run = run,
};
