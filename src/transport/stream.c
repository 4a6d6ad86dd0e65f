/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/stream.h"

#include <errno.h>
#include <event2/buffer.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "core/hub.h"
#include "framing/framing.h"
#include "stream/pending.h"
#include "transport/acceptor.h"
#include "transport/stream_end.h"
#include "transport/transport.h"

/* Full reads in one turn, so that one fast peer leaves the others their share. */
enum { READS_A_TURN = 4, MESSAGES_A_TURN = 64 };

static struct hub *hub_of(const struct stream *stream)
{
    return stream->board->hub;
}

static bool reads(const struct stream *stream)
{
    return !stream->paused && !stream->full && !stream->eof &&
           stream->link.peer->state != PEER_DEAD;
}

void stream_watch(struct stream *stream)
{
    if (stream->served)
        return;
    const bool writes = stream->queue && !stream->broken;
    poller_watch(stream->board->poller, stream->fd, &stream->source,
                 (reads(stream) ? POLLER_IN : 0u) | (writes ? POLLER_OUT : 0u));
}

/* Shared bytes count for themselves, once, however many they are lent to. */
void stream_charge(struct stream *stream)
{
    struct hub *hub = hub_of(stream);
    size_t queued = stream_queued(&stream->link);
    if (stream->lent > queued)
        stream->lent = queued;
    size_t own = pending_room(stream->pending) + queued - stream->lent;
    budget_change(&hub->budget, stream->own, own);
    stream->own = own;
    hub_holds(hub, stream->link.peer, own + stream->lent);
}

/* --- bytes in --- */

/* Hands message after message to the hub, until one is unfinished or the peer is paused. */
static size_t take_messages(struct stream *stream, const char *data, size_t size)
{
    struct peer *peer = stream->link.peer;
    enum framing framing = peer->origin->profile.framing;
    size_t taken = 0;
    if (!hub_listens(peer))
        return size; /* closing: discarded */
    while (taken < size && !stream->paused && stream->budget > 0 && hub_listens(peer)) {
        bool partial;
        size_t next = framing_next(framing, data + taken, size - taken, stream->eof, &partial);
        if (next == 0)
            break;
        stream->budget--;
        hub_receive(hub_of(stream), peer, data + taken, next, partial);
        taken += next;
    }
    return taken;
}

static void take_pending(struct stream *stream)
{
    if (stream->paused || !stream->pending)
        return;
    const char *data = pending_data(stream->pending);
    pending_take(&stream->pending, take_messages(stream, data, pending_size(stream->pending)));
    stream_charge(stream);
}

static void take_new(struct stream *stream, const char *data, size_t size)
{
    if (stream->pending) {
        pending_add(&stream->pending, data, size);
        take_pending(stream);
        return;
    }
    size_t taken = take_messages(stream, data, size);
    if (taken == size)
        return;
    pending_add(&stream->pending, data + taken, size - taken);
    stream_charge(stream);
}

static void take_end(struct stream *stream)
{
    stream->eof = true; /* told by ready_cb once all is taken */
    take_pending(stream);
}

/* One recv. Returns whether another may be worth it this turn. */
static bool read_some(struct stream *stream)
{
    char *buffer = stream->board->buffer;
    if (mem_is_short())
        return false;
    ssize_t got = recv(stream->fd, buffer, FRAMING_MESSAGE_MAX, 0);
    if (got > 0)
        take_new(stream, buffer, (size_t)got);
    else if (got == 0)
        take_end(stream);
    else if (errno == EAGAIN && stream->broken)
        stream_end_fail(stream, stream->broken);
    else if (errno != EAGAIN && errno != EINTR)
        stream_end_fail(stream, errno);
    return got == (ssize_t)FRAMING_MESSAGE_MAX;
}

static struct stream *stream_of_source(struct poller_source *source)
{
    return (struct stream *)((char *)source - offsetof(struct stream, source));
}

/* It is paused until its queue is empty, or a file has gone: never. Other pauses do end. */
static bool waits_in_vain(const struct stream *stream)
{
    const unsigned ends = LINK_PAUSE_HOLD | LINK_PAUSE_MEMORY;
    return stream->broken && (stream->link.peer->pauses & ~ends);
}

static void tell_end(struct stream *stream)
{
    if (stream->broken)
        stream_end_fail(stream, stream->broken);
    else
        stream_end_of_file(stream);
}

static void serve_input(struct stream *stream)
{
    stream->budget = MESSAGES_A_TURN;
    take_pending(stream);
    for (int i = 0; i < READS_A_TURN && stream->budget > 0 && reads(stream); i++)
        if (!read_some(stream) && !stream->broken)
            break;
    bool more = stream->budget == 0 && stream->pending && !stream->paused;
    if (waits_in_vain(stream))
        stream_end_fail(stream, stream->broken);
    else if (more || (stream->broken && reads(stream)))
        poller_again(stream->board->poller, &stream->source);
    else if (stream->eof && !stream->pending)
        tell_end(stream);
}

/* Writes first, which may let it read on. */
static void ready_cb(struct poller_source *source, unsigned what)
{
    struct stream *stream = stream_of_source(source);
    stream->served = true;
    if ((what & POLLER_OUT) && stream->queue)
        stream_write(stream);
    if (what != POLLER_OUT)
        serve_input(stream);
    stream->served = false;
    if (stream->link.peer->state != PEER_DEAD)
        stream_watch(stream);
}

void stream_pause(struct link *link, unsigned reasons)
{
    struct stream *stream = (struct stream *)link;
    bool was = stream->paused || stream->full, paused = (reasons & ~LINK_PAUSE_MEMORY) != 0;
    if (stream->fd < 0)
        return;
    stream->paused = paused;
    stream->full = (reasons & LINK_PAUSE_MEMORY) != 0;
    stream_watch(stream);
    /* What is left over from before, or an end not told yet: no readiness will come for it. */
    if (was && !paused && (stream->pending || stream->eof || stream->broken))
        poller_again(stream->board->poller, &stream->source);
}

/* --- birth and death --- */

static void take_socket(struct stream *stream, evutil_socket_t fd, const union address *remote)
{
    stream->fd = fd;
    if (remote)
        stream->remote = *remote;
    stream_watch(stream);
    hub_open(hub_of(stream), stream->link.peer);
    stream_end_watch(stream);
}

static struct stream *create(struct switchboard *board, const struct stream_kind *kind)
{
    struct stream *stream = mem_zalloc(sizeof *stream);
    stream->link.ops = &kind->ops;
    stream->board = board;
    stream->fd = -1;
    stream->source.ready = ready_cb;
    return stream;
}

static void refuse(struct switchboard *board, struct origin *origin,
                   const union address *remote, enum refusal why)
{
    char text[ADDRESS_TEXT] = "unix:";
    if (remote)
        address_print(remote, text);
    hub_refused(board->hub, origin, text, why);
}

void stream_accept(struct switchboard *board, const struct stream_kind *kind,
                   struct origin *origin, evutil_socket_t fd, const union address *remote)
{
    enum refusal why;
    if (!limits_admit(&board->hub->limits, remote, &why)) {
        evutil_closesocket(fd);
        refuse(board, origin, remote, why);
        return;
    }
    struct stream *stream = create(board, kind);
    stream->admitted = true;
    hub_attach(board->hub, &stream->link, origin);
    take_socket(stream, fd, remote);
}

struct stream *stream_call(struct switchboard *board, const struct stream_kind *kind,
                           struct origin *origin)
{
    struct stream *stream = create(board, kind);
    hub_attach(board->hub, &stream->link, origin);
    return stream;
}

void stream_break(struct stream *stream, int cause)
{
    stream->broken = (unsigned char)cause;
    stream_watch(stream);
    poller_again(stream->board->poller, &stream->source);
}

void stream_call_failed(void *context, int cause, const char *text)
{
    struct stream *stream = context;
    enum close_reason reason = cause == ETIMEDOUT ? CLOSE_TIMEOUT : CLOSE_ERROR;
    hub_detach(hub_of(stream), stream->link.peer, reason, text);
}

void stream_connected(struct stream *stream, evutil_socket_t fd, const union address *remote)
{
    const struct stream_kind *kind = (const struct stream_kind *)stream->link.ops;
    stream->dial = NULL;
    if (kind->prepare)
        kind->prepare(stream->board, fd);
    take_socket(stream, fd, remote);
}

void stream_destroy(struct link *link)
{
    struct stream *stream = (struct stream *)link;
    stream_end_release(stream);
    pending_clear(&stream->pending);
    budget_change(&hub_of(stream)->budget, stream->own, 0);
    poller_forget(stream->board->poller, &stream->source);
    if (stream->queue)
        evbuffer_free(stream->queue);
    if (stream->fd >= 0)
        close(stream->fd); /* ends the watch */
    struct switchboard *board = stream->board;
    if (stream->admitted) {
        bool ip = stream->remote.any.sa_family != AF_UNSPEC;
        limits_release(&board->hub->limits, ip ? &stream->remote : NULL);
        acceptor_stream_gone(board);
    }
    free(stream);
}
