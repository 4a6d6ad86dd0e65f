/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include <stdlib.h>

#include "base/cast.h"
#include "base/escape.h"
#include "base/mem.h"
#include "command/like.h"
#include "command/listing.h"
#include "command/operator.h"
#include "core/hub.h"
#include "core/program.h"

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

/* Whether it is one of those that are asked for; then it is in the piece. */
static void look(struct piece *piece, const struct like *like, const struct peer *peer)
{
    struct card card;
    if (*like->word) {
        card_of_peer(&card, peer, piece->now, &piece->room);
        if (!like_card(like, &card))
            return;
    }
    piece->peers[piece->cards.count++] = peer;
}

static char *nobody(const char *word)
{
    char *quote = escape_quote(word);
    char *note = mem_printf("nobody on the line is like %s", quote);
    free(quote);
    return note;
}

/* Calls that wait to be made again are no peers, and stand in no other list. */
static char *who_is_away(const struct operator_session *session, bool anybody)
{
    const struct program *program = session->program;
    char *waiting = program && program->waiting ? program->waiting(program->context) : NULL;
    char *note = waiting ? mem_printf("%swaiting to be called again: %s",
                                      anybody ? "" : "nobody is on the line; ", waiting)
                         : NULL;
    free(waiting);
    return note;
}

static void tell(struct operator_session *session, struct piece *piece,
                 struct listing_place *place, bool more)
{
    const bool any = place->told || piece->cards.count > 0;
    struct result result = {.type = RESULT_PEERS,
                            .first = !place->told,
                            .more = more,
                            .peers = &piece->cards,
                            .some = *place->word != '\0'};
    char *note = NULL;
    if (*place->word)
        note = any ? NULL : nobody(place->word);
    else if (!more)
        note = who_is_away(session, any);
    result.note = note;
    operator_result(session, &result);
    place->told = true;
    free(note);
}

static bool tell_piece(struct operator_session *session, struct listing_place *place)
{
    struct piece piece = {.cards.get = get_card, .now = hub_now(session->hub)};
    const struct peer *peer = hub_after(session->hub, place->last);
    struct like like;
    like_init(&like, place->word);
    for (unsigned i = 0; peer && i < RESULT_LIST_MAX; i++) {
        look(&piece, &like, peer);
        place->last = peer->number;
        peer = hub_next(session->hub, peer);
    }
    if (piece.cards.count > 0 || !peer)
        tell(session, &piece, place, peer != NULL);
    like_finish(&like);
    return !peer;
}

static void run(struct operator_session *session, const struct arguments *arguments)
{
    listing_answer(session, arguments->words[0], tell_piece);
}

const struct command cmd_peers = {
    .name = "peers",
    .arguments = "[PATTERN]",
    .summary = "list who is on the line",
    .basic = true,
    .help = "One line for each peer, in order of number: its number and name, the\n"
            "transport, the far end's address, its state, and the bytes received,\n"
            "sent and waiting to be sent. Your target is marked. With PATTERN only\n"
            "those whose name, address, transport, state or listener has it in it,\n"
            "or, where it has * or ? in it, is like that as a whole. Calls that wait\n"
            "to be made again are named below.\n"
            "Example: /peers 192.0.2.\n"
            "         /peers boil*\n",
    .read_only = true,
    .max_words = 1,
    .kinds = {ARGUMENT_FOCUS},
    .run = run,
};
