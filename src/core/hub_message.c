/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages through the hub: in to the observers, out to the links, and what holds them up. */
#include <errno.h>

#include "base/shared_bytes.h"
#include "core/agent.h"
#include "core/hub_line.h"
#include "core/hub_parts.h"
#include "core/join.h"
#include "core/transfer.h"
#include "core/ways.h"

/* --- reading and pausing --- */

void hub_pause(struct peer *peer, unsigned reason, bool on)
{
    unsigned pauses = on ? peer->pauses | reason : peer->pauses & ~reason;
    if (pauses == peer->pauses)
        return;
    peer->pauses = (unsigned char)pauses;
    if (peer->link->ops->pause)
        peer->link->ops->pause(peer->link, pauses);
    if (peer->extras)
        faults_paused(peer);
}

/*
 * A peer that does not read its replies is not read from until it does: nothing is lost by it.
 * Not from the first byte on, since each stop and start costs calls of the system; but the
 * longest reply must still find room. Whoever saw the send may have closed the line.
 */
enum { UNREAD_MOST = 256 << 10 };

uint64_t hub_unread_most(const struct hub *hub)
{
    const size_t bound = hub->settings.max_queue;
    const size_t spare = bound > HUB_REPLY_MAX ? bound - HUB_REPLY_MAX : 0;
    return spare < UNREAD_MOST ? spare : UNREAD_MOST;
}

void hub_pause_unread(const struct hub *hub, struct peer *peer)
{
    if (agent_of(peer)->answers && peer_queued(peer) > hub_unread_most(hub) && peer_is_up(peer))
        hub_pause(peer, LINK_PAUSE_OUTPUT, true);
}

void hub_drained(struct hub *hub, struct peer *peer)
{
    if (peer->state == PEER_DEAD)
        return;
    peer->active = hub_now(hub);
    hub_pause(peer, LINK_PAUSE_OUTPUT, false);
    if (agent_of(peer)->drained)
        agent_of(peer)->drained(hub, peer);
    join_drained(hub, peer);
    feed_drained(hub, peer);
}

/* --- messages --- */

static void tell_message(struct hub *hub, enum hub_event_type type, const struct peer *peer,
                         const struct message *message)
{
    if (audience_wants(&hub->audience, type))
        hub_tell(hub, &(struct hub_event){.type = type, .peer = peer, .message = *message});
}

/* shared: where data and size are of one, else NULL. */
static int transmit(struct hub *hub, struct peer *peer, const void *data, size_t size,
                    struct shared_bytes *shared)
{
    struct link *link = peer->link;
    if (audience_is_full(&hub->audience))
        return ENOBUFS;
    int cause = shared && link->ops->send_shared ? link->ops->send_shared(link, shared)
                                                 : link->ops->send(link, data, size);
    if (cause == 0) {
        peer->accepted += size;
        peer->active = hub_now(hub);
        hub->stats.bytes_out += size;
    }
    return cause;
}

int hub_transmit(struct hub *hub, struct peer *peer, const void *data, size_t size)
{
    return transmit(hub, peer, data, size, NULL);
}

/* A message in its frame: EMSGSIZE where none can hold it. */
static int transmit_framed(struct hub *hub, struct peer *peer, const struct message *message,
                           struct shared_bytes *shared)
{
    const struct framing *framing = ways_framing(peer);
    char *error = NULL;
    int cause = EMSGSIZE;
    UT_string frame;
    if (framing_is_plain(framing))
        return transmit(hub, peer, message->data, message->size, shared);
    utstring_init(&frame);
    if (framing_wrap(framing, message->data, message->size, &frame, &error))
        cause = hub_transmit(hub, peer, utstring_body(&frame), utstring_len(&frame));
    free(error);
    utstring_done(&frame);
    return cause;
}

/* A datagram is whole by itself; elsewhere an answer would land in the middle of a file. */
static bool answer_possible(struct hub *hub, struct peer *peer)
{
    enum send_status status = hub_send_possible(peer, 0);
    if (status != SEND_BUSY || peer->link->ops->datagram)
        return status == SEND_OK || status == SEND_BUSY;
    hub->stats.suppressed_queue++;
    if (agent_of(peer)->answers) /* it was chosen while the file was on its way already */
        hub_pause(peer, LINK_PAUSE_FILE, true);
    return false;
}

bool hub_answer(struct hub *hub, struct peer *peer, const void *data, size_t size)
{
    struct link *link = peer->link;
    const struct message answer = {.data = data, .size = size, .automatic = true};
    if (!answer_possible(hub, peer) ||
        (link->ops->may_reply && !link->ops->may_reply(link, size)))
        return false;
    int cause = transmit_framed(hub, peer, &answer, NULL);
    if ((cause == ENOBUFS || cause == EMSGSIZE) && !link->ops->datagram)
        hub->stats.suppressed_queue++;
    if (cause != 0)
        return false;
    hub->stats.replies++;
    hub->stats.messages_out++;
    tell_message(hub, HUB_SENT, peer, &answer);
    hub_pause_unread(hub, peer);
    return true;
}

void hub_tell_received(struct hub *hub, struct peer *peer, const struct framing_piece *piece)
{
    struct message message = {
        .data = piece->data, .size = piece->size, .partial = piece->partial, .bad = piece->bad};
    if (peer->joined)
        join_pass(hub, peer, piece, &message);
    if (piece->quiet)
        return;
    hub->stats.messages_in++;
    tell_message(hub, HUB_MESSAGE, peer, &message);
    const struct agent *agent = agent_of(peer);
    if (agent->message && peer_is_up(peer)) /* whoever saw it may have closed the line */
        agent->message(hub, peer, &message);
}

void hub_receive_framed(struct hub *hub, struct peer *peer, const struct framing_piece *piece)
{
    if (!peer_is_up(peer))
        return;
    if (peer->joined && join_keeps(hub, peer, piece))
        return;
    peer->received += piece->taken;
    peer->active = hub_now(hub);
    hub->stats.bytes_in += piece->taken;
    if (!peer->extras || !faults_take(hub, peer, piece))
        hub_tell_received(hub, peer, piece);
}

void hub_receive(struct hub *hub, struct peer *peer, const void *data, size_t size,
                 bool partial)
{
    hub_receive_framed(
        hub, peer,
        &(struct framing_piece){
            .taken = size, .line = data, .data = data, .size = size, .partial = partial});
}

enum send_status hub_send_possible(const struct peer *peer, size_t size)
{
    if (peer->state == PEER_CONNECTING)
        return SEND_CONNECTING;
    if (!peer_is_up(peer))
        return SEND_CLOSING;
    if (peer->output_ended)
        return SEND_ENDED;
    if (feed_is_alone(peer))
        return SEND_BUSY;
    if (peer->link->ops->datagram && size > link_most(peer->link))
        return SEND_TOO_LONG;
    return SEND_OK;
}

/* The bound is hard for operators; a reply to the longest message fits an empty queue besides.
 */
static bool room_for(const struct hub *hub, const struct peer *peer, size_t size)
{
    uint64_t queued = peer_queued(peer), most = hub->settings.max_queue;
    return peer->link->ops->datagram || (queued <= most && size <= most - queued);
}

static enum send_status why_refused(const struct peer *peer, int cause)
{
    if (peer->link->ops->datagram)
        return SEND_FAILED;
    return cause == ENOBUFS ? SEND_QUEUE_FULL : cause == EMSGSIZE ? SEND_NO_FRAME : SEND_FAILED;
}

static enum send_status send_message(struct hub *hub, struct peer *peer,
                                     const struct message *message, struct shared_bytes *shared,
                                     int *cause)
{
    enum send_status status = hub_send_possible(peer, message->size);
    if (status != SEND_OK)
        return status;
    if (!room_for(hub, peer, message->size))
        return SEND_QUEUE_FULL;
    int refused = transmit_framed(hub, peer, message, shared);
    if (cause)
        *cause = refused;
    if (refused != 0)
        return why_refused(peer, refused);
    hub->stats.messages_out++;
    tell_message(hub, HUB_SENT, peer, message);
    hub_pause_unread(hub, peer);
    return SEND_OK;
}

enum send_status hub_send(struct hub *hub, struct peer *peer, const void *data, size_t size,
                          unsigned console, int *cause)
{
    const struct message message = {.data = data, .size = size, .console = console};
    return send_message(hub, peer, &message, NULL, cause);
}

enum send_status hub_send_shared(struct hub *hub, struct peer *peer,
                                 struct shared_bytes *shared, unsigned console,
                                 const struct message_group *group, int *cause)
{
    const struct message message = {
        .data = shared->data, .size = shared->size, .console = console, .group = *group};
    return send_message(hub, peer, &message, shared, cause);
}

bool hub_send_opened(struct hub *hub, struct peer *peer, struct transfer_file *file,
                     char **error)
{
    size_t size = file->size < SIZE_MAX ? (size_t)file->size : SIZE_MAX;
    enum send_status status = feed_of(peer) ? SEND_BUSY : hub_send_possible(peer, size);
    if (status != SEND_OK) {
        *error = send_status_text(peer, status, 0);
        return false;
    }
    transfer_start(hub, peer, file);
    if (agent_of(peer)->answers && !peer->link->ops->datagram)
        hub_pause(peer, LINK_PAUSE_FILE, true);
    if (peer->joined)
        join_look(hub, peer);
    return true;
}
