/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/stream_end.h"

#include <errno.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "core/hub.h"
#include "loop/dial.h"
#include "loop/timeout.h"
#include "transport/lifelines.h"
#include "transport/stream.h"
#include "transport/transport.h"

/* How often the kernel is asked whether it still holds bytes, while a stream lingers. */
enum { LINGER_POLL = 20000 /* microseconds */ };
/* Reads that a stream with nothing outstanding gives to input that nobody wants any more. */
enum { DISCARD_READS = 16 };

static struct hub *hub_of(const struct stream *stream)
{
    return stream->board->hub;
}

static int64_t now(const struct stream *stream)
{
    const struct host *host = &stream->board->hub->host;
    return host->now(host->context);
}

static void die(struct stream *stream)
{
    struct peer *peer = stream->link.peer;
    hub_detach(hub_of(stream), peer, peer->reason, NULL);
}

/* --- the timer --- */

static void timer_cb(void *context);

static void set_timer(struct stream *stream, int64_t microseconds)
{
    if (!stream->timer) {
        stream->timer =
            timeout_create(stream->board->loop, LOOP_OPERATOR, PART_PEERS, timer_cb, stream);
    }
    timeout_set(stream->timer, microseconds);
}

static int64_t idle_left(const struct stream *stream)
{
    return stream->link.peer->active + stream->board->settings.idle_timeout - now(stream);
}

/* The next moment at which something is due: the end of a half-close, or of the patience. */
static void set_standing_timer(struct stream *stream)
{
    bool idles = stream->board->settings.idle_timeout > 0;
    int64_t idle = idles ? idle_left(stream) : INT64_MAX;
    int64_t half_close = stream->deadline ? stream->deadline - now(stream) : INT64_MAX;
    int64_t next = idle < half_close ? idle : half_close;
    if (next != INT64_MAX)
        set_timer(stream, next);
}

/* Bytes that the kernel holds for the far end. */
static int unacknowledged(const struct stream *stream)
{
    int bytes = 0;
    ioctl(stream->fd, SIOCOUTQ, &bytes);
    return bytes;
}

uint64_t stream_undelivered(const struct link *link)
{
    const struct stream *stream = (const struct stream *)link;
    int bytes = stream->fd >= 0 ? unacknowledged(stream) : 0;
    return (uint64_t)(stream->end_counts && bytes > 0 ? bytes - 1 : bytes);
}

/*
 * A queue that shrinks is bytes on their way, though nobody is told of each. The kernel's part
 * counts too: of its megabytes it frees a third before it takes more of ours.
 */
static bool is_idle(struct stream *stream)
{
    size_t queued = stream_queued(&stream->link) + (size_t)unacknowledged(stream);
    bool held = stream->link.peer->pauses & LINK_PAUSE_HOLD; /* it is we who do not read */
    bool moves = held || queued < stream->idle_queued;
    stream->idle_queued = queued;
    if (moves)
        stream->link.peer->active = now(stream);
    return stream->board->settings.idle_timeout > 0 && idle_left(stream) <= 0;
}

static void standing_timer(struct stream *stream)
{
    struct peer *peer = stream->link.peer;
    if (stream->deadline && now(stream) >= stream->deadline) {
        stream->deadline = 0;
        if (hub_listens(peer)) /* else a close waits for a file, and must go on waiting */
            hub_close(hub_of(stream), peer, CLOSE_EOF);
    } else if (is_idle(stream)) {
        hub_close(hub_of(stream), peer, CLOSE_TIMEOUT);
    }
    if (stream->end == STREAM_STANDS && peer->state != PEER_DEAD)
        set_standing_timer(stream);
}

void stream_end_watch(struct stream *stream)
{
    if (stream->end == STREAM_STANDS)
        set_standing_timer(stream);
}

/*
 * Nobody has looked lately whether the queue shrinks, so that whoever has one left is given a
 * whole idle time to show it.
 */
static void renew_idle_time(struct stream *stream)
{
    if (stream->board->settings.idle_timeout <= 0)
        return; /* a timer that is set finds nothing to do */
    stream->idle_queued = stream_queued(&stream->link) + (size_t)unacknowledged(stream);
    if (stream->idle_queued > 0)
        stream->link.peer->active = now(stream);
    set_standing_timer(stream);
}

void stream_end_renew(struct link *link, bool idle_times)
{
    struct stream *stream = (struct stream *)link;
    if (stream->admitted && stream->remote.any.sa_family != AF_UNSPEC)
        limits_count(&hub_of(stream)->limits, &stream->remote);
    const struct stream_kind *kind = (const struct stream_kind *)link->ops;
    if (stream->fd >= 0 && kind->prepare)
        kind->prepare(stream->board, stream->fd);
    if (idle_times && hub_listens(link->peer) && stream->end == STREAM_STANDS)
        renew_idle_time(stream);
}

/* --- the close --- */

/* Input left unread would make the kernel reset the connection, and the tail would be lost. */
static void discard_input(struct stream *stream)
{
    for (int i = 0; i < DISCARD_READS; i++)
        if (recv(stream->fd, stream->board->buffer, FRAMING_MESSAGE_MAX, MSG_DONTWAIT) <= 0)
            break;
}

/* After the peer's end nothing is read any more, so that a refusal has to be asked for. */
static bool was_refused(struct stream *stream)
{
    int cause = 0;
    socklen_t size = sizeof cause;
    getsockopt(stream->fd, SOL_SOCKET, SO_ERROR, &cause, &size);
    if (cause != 0)
        stream_end_fail(stream, cause);
    return cause != 0;
}

/*
 * Until the far end has taken all, or refused it. Who has called us and ended its side is not
 * waited for: closing sends our end, and resets nothing.
 */
static void wait_for_delivery(struct stream *stream)
{
    if (stream->eof && stream->admitted) {
        die(stream);
        return;
    }
    /* Asked first: what is refused meanwhile shows. */
    uint64_t outstanding = stream_undelivered(&stream->link);
    if (was_refused(stream))
        return;
    if (outstanding == 0 || now(stream) >= stream->deadline) {
        discard_input(stream);
        die(stream);
    } else {
        set_timer(stream, LINGER_POLL);
    }
}

static void send_end(struct stream *stream)
{
    bool ip = stream->remote.any.sa_family != AF_UNSPEC;
    stream->end_counts = shutdown(stream->fd, SHUT_WR) == 0 && ip;
    stream->end_sent = true;
    if (stream->link.ops->check_line)
        lifelines_begin(stream->board);
}

/* All is with the kernel: sends the end, and stays while the kernel has not delivered. */
static void linger(struct stream *stream)
{
    stream->end = STREAM_LINGERS;
    if (!stream->eof)
        send_end(stream);
    wait_for_delivery(stream);
}

void stream_finish(struct link *link, int64_t deadline)
{
    struct stream *stream = (struct stream *)link;
    stream->deadline = deadline;
    if (stream_queued(link) == 0) {
        linger(stream);
        return;
    }
    stream->end = STREAM_DRAINS;
    if (deadline <= now(stream))
        die(stream);
    else
        set_timer(stream, deadline - now(stream));
}

/*
 * Both sides have ended, ours by its own will: it is closed when the far end has taken all,
 * however long that takes.
 */
static void both_ended(struct stream *stream)
{
    uint64_t outstanding = stream_undelivered(&stream->link);
    if (was_refused(stream))
        return;
    if (outstanding > 0)
        set_timer(stream, LINGER_POLL);
    else
        hub_close(hub_of(stream), stream->link.peer, CLOSE_EOF);
}

static void timer_cb(void *context)
{
    struct stream *stream = context;
    if (stream->link.peer->state == PEER_DEAD)
        return;
    if (stream->end == STREAM_STANDS && stream->end_sent && stream->eof_told)
        both_ended(stream);
    else if (stream->end == STREAM_STANDS)
        standing_timer(stream);
    else if (stream->end == STREAM_LINGERS)
        wait_for_delivery(stream);
    else
        die(stream);
}

void stream_end_output(struct link *link)
{
    struct stream *stream = (struct stream *)link;
    stream->ends_when_empty = stream_queued(link) > 0;
    if (stream->ends_when_empty)
        return;
    send_end(stream);
    if (stream->eof_told)
        both_ended(stream);
}

/* --- what the stream tells --- */

void stream_end_of_file(struct stream *stream)
{
    struct peer *peer = stream->link.peer;
    if (stream->end == STREAM_LINGERS) {
        wait_for_delivery(stream);
        return;
    }
    if (stream->eof_told || !hub_listens(peer))
        return;
    stream->eof_told = true;
    int64_t half_close = hub_half_close(hub_of(stream), peer);
    bool makes_room = stream->admitted && stream->board->accepting_paused;
    if (stream->end_sent) {
        both_ended(stream);
    } else if (half_close > 0 && !peer->ended && !makes_room) {
        stream->deadline = now(stream) + half_close;
        set_standing_timer(stream);
    } else if (stream_queued(&stream->link) > 0) {
        stream->closes_when_empty = true;
    } else {
        hub_close(hub_of(stream), peer, CLOSE_EOF);
    }
}

void stream_end_drained(struct stream *stream)
{
    struct peer *peer = stream->link.peer;
    if (peer->state == PEER_DEAD)
        return;
    if (stream->ends_when_empty)
        stream_end_output(&stream->link);
    if (stream->end == STREAM_DRAINS)
        linger(stream);
    else if (stream->closes_when_empty && !stream->end_sent &&
             stream_queued(&stream->link) == 0 && hub_listens(peer))
        hub_close(hub_of(stream), peer, CLOSE_EOF);
}

void stream_end_fail(struct stream *stream, int cause)
{
    struct peer *peer = stream->link.peer;
    if (cause == ECONNRESET || cause == EPIPE)
        hub_detach(hub_of(stream), peer, CLOSE_RESET, NULL);
    else if (cause == ETIMEDOUT)
        hub_detach(hub_of(stream), peer, CLOSE_TIMEOUT, strerror(cause));
    else
        hub_detach(hub_of(stream), peer, CLOSE_ERROR, strerror(cause));
}

void stream_end_release(struct stream *stream)
{
    dial_destroy(stream->dial);
    if (stream->timer)
        timeout_destroy(stream->timer);
}
