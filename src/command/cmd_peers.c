/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "base/cast.h"
#include "command/listing.h"
#include "command/operator.h"
#include "core/hub.h"

struct piece {
    struct cards cards;
    const struct peer *peers[RESULT_LIST_MAX];
    int64_t now;
    struct link_description room;
};

static void get_card(struct cards *cards, size_t index, struct card *card)
{
    struct piece *piece = container_of(cards, struct piece, cards);
    card_of_peer(card, piece->peers[index], piece->now, &piece->room);
}

static bool tell_piece(struct operator_session *session, uint64_t *last)
{
    struct piece piece;
    const struct peer *peer = hub_after(session->hub, *last);
    struct result result = {.type = RESULT_PEERS, .first = *last == 0, .peers = &piece.cards};
    piece.cards = (struct cards){.get = get_card};
    piece.now = hub_now(session->hub);
    for (; peer && piece.cards.count < RESULT_LIST_MAX; peer = hub_next(session->hub, peer)) {
        piece.peers[piece.cards.count++] = peer;
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
