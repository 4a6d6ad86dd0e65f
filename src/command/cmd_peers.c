/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "command/listing.h"
#include "command/operator.h"
#include "core/hub.h"

static bool tell_piece(struct operator_session *session, uint64_t *last)
{
    const struct peer *items[RESULT_LIST_MAX];
    const struct peer *peer = hub_after(session->hub, *last);
    struct result result = {.type = RESULT_PEERS, .first = *last == 0};
    result.peers.items = items;
    result.peers.target = session->target;
    result.peers.now = hub_now(session->hub);
    for (; peer && result.peers.count < RESULT_LIST_MAX; peer = hub_next(session->hub, peer)) {
        items[result.peers.count++] = peer;
        *last = peer->number;
    }
    result.more = peer != NULL;
    operator_result(session, &result);
    return !result.more;
}

static void run(struct operator_session *session, const struct arguments *arguments)
{
    (void)arguments;
    listing_answer(session, tell_piece);
}

const struct command cmd_peers = {
    .name = "peers",
    .arguments = "",
    .summary = "list who is on the line",
    .help = "One line for each peer, in order of number: its number and name, the\n"
            "transport, the far end's address, its state, and the bytes received,\n"
            "sent and waiting to be sent. Your target is marked.\n",
    .read_only = true,
    .run = run,
};
