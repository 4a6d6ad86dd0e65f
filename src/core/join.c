/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/join.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/mem.h"
#include "core/agent.h"
#include "core/hub_line.h"
#include "core/hub_parts.h"
#include "core/join_wait.h"
#include "core/ways.h"

/* --- who has room --- */

/* Reading on begins when all is gone, since each stop and start costs calls of the system. */
static bool has_room(const struct hub *hub, const struct peer *peer, bool held)
{
    if (!peer_is_up(peer) || feed_is_alone(peer))
        return false;
    const uint64_t queued = peer_queued(peer);
    return held ? queued == 0 : queued <= hub_unread_most(hub);
}

void join_look(struct hub *hub, struct peer *peer)
{
    struct join *join;
    DL_FOREACH(extras_of(peer)->joins, join) {
        if (has_room(hub, peer, hold_is_on(&join->hold)))
            hold_release(hub, &join->hold);
        else
            hold_peer(hub, &join->hold, join_other(join));
    }
}

void join_look_all(struct hub *hub)
{
    for (struct peer *peer = hub_next(hub, NULL); peer; peer = hub_next(hub, peer))
        if (peer->joined)
            join_look(hub, peer);
}

/* --- joining --- */

static const char *why_not(const struct hub *hub, const struct peer *peer)
{
    if (peer->state == PEER_CONNECTING)
        return "is connecting";
    if (!peer_is_up(peer))
        return "is closing";
    if (peer->output_ended)
        return "is sent nothing any more";
    return join_is_own(hub, peer) ? "is a call of telexd to itself" : NULL;
}

static bool is_joined_to(const struct peer *one, const struct peer *other)
{
    const struct join *join;
    DL_FOREACH(extras_of(one)->joins, join)
        if (join_other(join) == other)
            return true;
    return false;
}

bool join_possible(const struct hub *hub, const struct peer *one, const struct peer *other,
                   char **error)
{
    const struct peer *const peers[] = {one, other};
    char label[PEER_LABEL];
    for (int i = 0; i < 2; i++) {
        peer_label(peers[i], label);
        const char *why = why_not(hub, peers[i]);
        if (why) {
            *error = mem_printf("%s %s", label, why);
            return false;
        }
    }
    if (one == other)
        *error = mem_printf("%s cannot be joined to itself", label);
    else if (is_joined_to(one, other))
        *error = mem_printf("%s is joined to #%" PRIu64 " already", label, one->number);
    return one != other && !is_joined_to(one, other);
}

static struct join *add(struct hub *hub, struct peer *peer)
{
    struct join *join = mem_zalloc(sizeof *join);
    struct extras *extras = extras_need(peer);
    join->peer = peer;
    DL_APPEND(extras->joins, join);
    peer->joined = true;
    agent_dismiss(hub, peer);
    return join;
}

/* Who came first is the other. */
static void tell(struct hub *hub, const struct join *join)
{
    const bool first = join->peer->number < join_other(join)->number;
    const struct join *later = first ? join->mirror : join;
    hub_tell(hub, &(struct hub_event){
                      .type = HUB_JOIN, .peer = later->peer, .other = join_other(later)});
}

/* Whoever is told may end it. */
static void stand(struct hub *hub, struct join *join)
{
    struct peer *const peers[] = {join->peer, join_other(join)};
    struct join_wait *const waiting[] = {join->waiting, join->mirror->waiting};
    join->stands = join->mirror->stands = true;
    join->waiting = join->mirror->waiting = NULL;
    join_look(hub, peers[0]);
    join_look(hub, peers[1]);
    tell(hub, join);
    for (int i = 0; i < 2; i++) {
        join_wait_deliver(waiting[i], hub, peers[i]);
        join_heed_end(peers[i]);
    }
}

static struct join *find_ready(const struct peer *peer)
{
    struct join *join;
    DL_FOREACH(extras_of(peer)->joins, join)
        if (!join->stands && peer_is_up(join_other(join)))
            return join;
    return NULL;
}

void join_opened(struct hub *hub, struct peer *peer)
{
    struct join *join;
    while (peer_is_up(peer) && (join = find_ready(peer)))
        stand(hub, join);
}

void join_begin(struct hub *hub, struct peer *one, struct peer *other, bool device)
{
    struct join *join = add(hub, one);
    join->mirror = add(hub, other);
    join->mirror->mirror = join;
    join->device = device;
    join_look(hub, one);
    join_look(hub, other);
    if (peer_is_up(one) && peer_is_up(other))
        stand(hub, join);
}

bool join_keeps(struct hub *hub, struct peer *peer, const struct framing_piece *piece)
{
    struct join *join = extras_of(peer)->joins;
    if (join->stands || !peer->link->ops->datagram)
        return false;
    if (!join_wait_add(&join->waiting, piece->data, piece->size))
        hub->stats.dropped_join++;
    return true;
}

/* --- passing on --- */

static bool send_to(struct hub *hub, struct peer *peer, const void *data, size_t size)
{
    struct link *link = peer->link;
    const int cause =
        link->ops->pass ? link->ops->pass(link, data, size) : link->ops->send(link, data, size);
    if (cause != 0)
        return false;
    peer->accepted += size;
    peer->active = hub_now(hub);
    hub->stats.bytes_out += size;
    return true;
}

/* What a stream said at a time may be longer than any datagram. */
static bool send_datagrams(struct hub *hub, struct peer *peer, const char *data, size_t size)
{
    const size_t most = link_most(peer->link);
    for (; size > most; data += most, size -= most)
        if (!send_to(hub, peer, data, most))
            return false;
    return send_to(hub, peer, data, size);
}

static bool send_framed(struct hub *hub, struct peer *peer, const struct framing *framing,
                        const struct framing_piece *piece)
{
    char *error = NULL;
    UT_string frame;
    utstring_init(&frame);
    const bool sent = framing_wrap(framing, piece->data, piece->size, &frame, &error) &&
                      send_to(hub, peer, utstring_body(&frame), utstring_len(&frame));
    free(error);
    utstring_done(&frame);
    return sent;
}

/* As it stood on the line, what a framing passes over too. */
static bool goes_unchanged(const struct peer *from, const struct framing *out)
{
    const struct framing *in = ways_framing(from);
    if (from->link->ops->datagram)
        return framing_is_plain(out);
    return in->ops == out->ops && (in->ops == &framing_raw || strcmp(in->word, out->word) == 0);
}

static bool pass_to(struct hub *hub, const struct peer *from, struct peer *to,
                    const struct framing_piece *piece)
{
    if (hub_send_possible(to, 0) != SEND_OK)
        return false;
    if (to->link->ops->datagram)
        return piece->quiet || send_datagrams(hub, to, piece->data, piece->size);
    if (from->link->ops->datagram && peer_queued(to) > hub_unread_most(hub))
        return false; /* it cannot be held back */
    const struct framing *out = ways_framing(to);
    if (piece->line && goes_unchanged(from, out))
        return send_to(hub, to, piece->line, piece->taken);
    return piece->quiet || send_framed(hub, to, out, piece);
}

void join_pass(struct hub *hub, struct peer *peer, const struct framing_piece *piece,
               struct message *message)
{
    const bool wanted = audience_wants(&hub->audience, HUB_MESSAGE) && !piece->quiet;
    struct join *join, *next;
    utarray_clear(&hub->passed);
    DL_FOREACH_SAFE(extras_of(peer)->joins, join, next) {
        struct peer *to = join_other(join);
        if (!pass_to(hub, peer, to, piece))
            hub->stats.dropped_join++;
        else if (!piece->quiet)
            hub->stats.messages_out++;
        if (wanted)
            utarray_push_back(&hub->passed, &to->number);
    }
    message->to.numbers = (const unsigned char *)hub->passed.d;
    message->to.count = utarray_len(&hub->passed);
}
