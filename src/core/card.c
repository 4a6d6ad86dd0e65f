/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/card.h"

#include "core/agent.h"
#include "core/faults.h"
#include "core/join.h"
#include "core/link.h"
#include "core/listener.h"
#include "core/transfer.h"
#include "core/ways.h"

static uint64_t next_joined(struct card_joined *joined)
{
    const struct join *join = joined->at;
    joined->at = join ? join->next : NULL;
    return join ? join_other(join)->number : 0;
}

void card_of_peer(struct card *card, const struct peer *peer, int64_t now,
                  struct link_description *room)
{
    *card = (struct card){.peer = peer_who(peer),
                          .where = told_where(peer, room),
                          .state = peer->state,
                          .received = peer->received,
                          .sent = peer_sent(peer),
                          .queued = peer_queued(peer),
                          .idle = now > peer->active ? now - peer->active : 0,
                          .since = now - peer->opened,
                          .joined = {.next = next_joined, .at = join_first(peer)},
                          .file = transfer_progress_of(peer)};
    if (ways_has_eol(peer))
        card->eol = ways_eol_name(peer);
    if (ways_has_framing(peer))
        card->framing = ways_framing(peer)->word;
    if (faults_card(peer))
        card->fault = *faults_card(peer);
}

void card_of_origin(struct origin_card *card, const struct origin *origin)
{
    const struct profile *profile = &origin->profile;
    *card = (struct origin_card){.listener = listener_who(origin_listener(origin)),
                                 .endpoint = origin->text,
                                 .to = profile->to,
                                 .reply = profile->reply ? profile->reply->name : "none",
                                 .eol = profile_eol_name(profile),
                                 .framing = profile->framing.word,
                                 .half_close = profile->half_close};
    if (origin->listener)
        card->fingerprint = listener_fingerprint(origin->listener);
}

void card_fill_origin(struct origin_card *origin, const struct card *peer)
{
    if (peer->eol)
        origin->eol = peer->eol;
    if (peer->framing)
        origin->framing = peer->framing;
}
