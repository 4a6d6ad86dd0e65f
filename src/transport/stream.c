/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/stream.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "core/framing.h"
#include "core/hub.h"
#include "core/shared.h"
#include "loop/loop.h"
#include "transport/acceptor.h"
#include "transport/lifelines.h"
#include "transport/pending.h"
#include "transport/stream_end.h"
#include "transport/transport.h"

/* The longest automatic reply. */
enum { REPLY_MAX = FRAMING_MESSAGE_MAX + 64 };
/* A shorter text is copied to those that have to wait for it: a reference would take more room.
 */
enum { SHARED_LEAST = 2048 }; /* libevent takes a kilobyte for one */
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

static void update_reading(struct stream *stream)
{
    struct poller *poller = stream->board->poller;
    bool watched = reads(stream);
    if (watched && !stream->watched)
        poller_watch(poller, stream->fd, &stream->source);
    else if (!watched && stream->watched)
        poller_unwatch(poller, stream->fd);
    stream->watched = watched;
}

/* Shared bytes count for themselves, once, however many they are lent to. */
static void charge(struct stream *stream)
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
    charge(stream);
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
    charge(stream);
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
    const unsigned ends = LINK_PAUSE_CONSOLE | LINK_PAUSE_MEMORY;
    return stream->broken && (stream->link.peer->pauses & ~ends);
}

static void tell_end(struct stream *stream)
{
    if (stream->broken)
        stream_end_fail(stream, stream->broken);
    else
        stream_end_of_file(stream);
}

static void ready_cb(struct poller_source *source)
{
    struct stream *stream = stream_of_source(source);
    stream->budget = MESSAGES_A_TURN;
    take_pending(stream);
    for (int i = 0; i < READS_A_TURN && stream->budget > 0 && reads(stream); i++)
        if (!read_some(stream) && !stream->broken)
            break;
    bool more = stream->budget == 0 && stream->pending && !stream->paused;
    if (waits_in_vain(stream))
        stream_end_fail(stream, stream->broken);
    else if (more || (stream->broken && reads(stream)))
        poller_again(stream->board->poller, source);
    else if (stream->eof && !stream->pending)
        tell_end(stream);
    if (stream->eof && stream->link.peer->state != PEER_DEAD)
        update_reading(stream); /* its end would be ready for ever */
}

void stream_pause(struct link *link, unsigned reasons)
{
    struct stream *stream = (struct stream *)link;
    bool was = stream->paused || stream->full, paused = (reasons & ~LINK_PAUSE_MEMORY) != 0;
    if (!stream->bev)
        return;
    stream->paused = paused;
    stream->full = (reasons & LINK_PAUSE_MEMORY) != 0;
    update_reading(stream);
    /* What is left over from before, or an end not told yet: no readiness will come for it. */
    if (was && !paused && (stream->pending || stream->eof || stream->broken))
        poller_again(stream->board->poller, &stream->source);
}

/* --- bytes out --- */

size_t stream_queued(const struct link *link)
{
    const struct stream *stream = (const struct stream *)link;
    return stream->queues ? evbuffer_get_length(bufferevent_get_output(stream->bev)) : 0;
}

static bool has_room(const struct stream *stream, size_t queued, size_t size)
{
    size_t bound = hub_of(stream)->settings.max_queue;
    if (queued == 0 && bound < REPLY_MAX)
        bound = REPLY_MAX; /* the longest message, stamped, fits an empty queue */
    return queued <= bound && size <= bound - queued;
}

/* What the kernel takes at once. An error of the socket shows when the bufferevent writes;
 * death never comes from here. */
static size_t send_now(struct stream *stream, const void *data, size_t size)
{
    ssize_t took = send(stream->fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (!stream->board->lifelines_run && stream->link.ops->check_line)
        lifelines_begin(stream->board);
    return took > 0 ? (size_t)took : 0;
}

static void release_shared(const void *data, size_t size, void *shared)
{
    (void)data;
    (void)size;
    shared_release(shared);
}

static void queue_cb(struct evbuffer *queue, const struct evbuffer_cb_info *change,
                     void *context)
{
    struct stream *stream = context;
    (void)queue;
    hub_queue_changed(hub_of(stream), stream->link.peer, change->n_added, change->n_deleted);
    charge(stream);
}

/* From the first byte that has to wait on. */
static void count_queue(struct stream *stream)
{
    if (stream->counted)
        return;
    stream->counted = true;
    if (!evbuffer_add_cb(bufferevent_get_output(stream->bev), queue_cb, stream))
        mem_exhausted();
}

/* shared: what data is of, or NULL where it has to be copied. */
static void enqueue(struct stream *stream, const void *data, size_t size, struct shared *shared)
{
    struct evbuffer *output = bufferevent_get_output(stream->bev);
    count_queue(stream);
    stream->lent += shared ? size : 0;
    stream->queues = true;
    int failed = shared ? evbuffer_add_reference(output, data, size, release_shared,
                                                 shared_reference(shared))
                        : evbuffer_add(output, data, size);
    if (failed)
        mem_exhausted();
}

static int send_all(struct stream *stream, const char *data, size_t size, struct shared *shared)
{
    size_t queued = stream_queued(&stream->link);
    if (!has_room(stream, queued, size))
        return ENOBUFS;
    size_t sent = queued == 0 ? send_now(stream, data, size) : 0;
    if (sent < size)
        enqueue(stream, data + sent, size - sent, shared);
    return 0;
}

int stream_send(struct link *link, const void *data, size_t size)
{
    return send_all((struct stream *)link, data, size, NULL);
}

int stream_send_shared(struct link *link, struct shared *shared)
{
    bool copied = shared->size < SHARED_LEAST;
    return send_all((struct stream *)link, shared->data, shared->size, copied ? NULL : shared);
}

static void write_cb(struct bufferevent *bev, void *context)
{
    (void)bev;
    struct stream *stream = context;
    struct peer *peer = stream->link.peer;
    stream->queues = false; /* we are called when all is written */
    hub_drained(hub_of(stream), peer);
    stream_end_drained(stream);
}

void stream_break(struct stream *stream, int cause)
{
    stream->broken = (unsigned char)cause;
    poller_again(stream->board->poller, &stream->source);
}

static void event_cb(struct bufferevent *bev, short what, void *context)
{
    (void)bev;
    struct stream *stream = context;
    if (what & BEV_EVENT_ERROR)
        stream_break(stream, EVUTIL_SOCKET_ERROR());
}

/* --- birth and death --- */

static void take_socket(struct stream *stream, evutil_socket_t fd, const union address *remote)
{
    struct event_base *base = stream->board->loop->base;
    stream->bev = bufferevent_socket_new(base, fd, 0);
    if (!stream->bev)
        mem_exhausted();
    bufferevent_priority_set(stream->bev, LOOP_PEERS);
    bufferevent_setcb(stream->bev, NULL, write_cb, event_cb, stream);
    stream->fd = fd;
    if (remote)
        stream->remote = *remote;
    update_reading(stream);
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
    if (stream->bev) {
        if (stream->counted)
            evbuffer_remove_cb(bufferevent_get_output(stream->bev), queue_cb, stream);
        bufferevent_free(stream->bev);
        close(stream->fd); /* ends the watch; the bufferevent would close it only later */
    }
    struct switchboard *board = stream->board;
    if (stream->admitted) {
        bool ip = stream->remote.any.sa_family != AF_UNSPEC;
        limits_release(&board->hub->limits, ip ? &stream->remote : NULL);
        acceptor_stream_gone(board);
    }
    free(stream);
}
