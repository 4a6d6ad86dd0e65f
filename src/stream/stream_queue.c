/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a stream sends: to the socket at once while nothing waits, else behind what does. There
 * is a queue only while something is in it, so that an idle stream does not pay for one.
 */
#include <errno.h>
#include <event2/buffer.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/shared_bytes.h"
#include "stream/lane.h"
#include "stream/ledger.h"
#include "stream/stream_parts.h"

/* A shorter text is copied to those that have to wait for it: a reference would take more room.
 */
enum { SHARED_LEAST = 2048 }; /* libevent takes a kilobyte for one */
/* What a far end may have lanes answer that does not read it, and is read itself. */
enum { CHATTER_MOST = 64 << 10 };
/* Written at a time, so that one fast reader leaves the others their share. */
enum { WRITE_MOST = 256 << 10 };

struct stream_queue {
    struct evbuffer *bytes;
    size_t lent;    /* of them, those that stand in shared ones */
    size_t plain;   /* what was said that stands in them */
    size_t chatter; /* of them, what lanes have said by themselves since it was made */
};

size_t stream_queued(const struct stream *stream)
{
    return stream->queue ? stream->queue->plain : 0;
}

size_t stream_waiting(const struct stream *stream)
{
    return stream->queue ? evbuffer_get_length(stream->queue->bytes) : 0;
}

size_t stream_lent(const struct stream *stream)
{
    return stream->queue ? stream->queue->lent : 0;
}

bool stream_chats(const struct stream *stream)
{
    return stream->queue && stream->queue->chatter > CHATTER_MOST;
}

static void make_queue(struct stream *stream)
{
    stream->queue = mem_zalloc(sizeof *stream->queue);
    stream->queue->bytes = evbuffer_new();
    if (!stream->queue->bytes)
        mem_exhausted();
}

void stream_queue_free(struct stream *stream)
{
    if (stream->queue)
        evbuffer_free(stream->queue->bytes);
    free(stream->queue);
    stream->queue = NULL;
}

/* --- to the queue --- */

/* What the kernel takes at once. An error of the socket shows when what is left is written;
 * death never comes from here. */
static size_t send_now(struct stream *stream, const void *data, size_t size)
{
    ssize_t took = stream->kind & STREAM_TTY
                       ? write(stream->fd, data, size)
                       : send(stream->fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    return took > 0 ? (size_t)took : 0;
}

static void release_shared(const void *data, size_t size, void *shared)
{
    (void)data;
    (void)size;
    shared_bytes_release(shared);
}

/* shared: what data is of, or NULL where it has to be copied. */
static void enqueue(struct stream *stream, const void *data, size_t size,
                    struct shared_bytes *shared, size_t plain)
{
    const size_t before = stream_own(stream);
    if (!stream->queue)
        make_queue(stream);
    stream->queue->lent += shared ? size : 0;
    stream->queue->plain += plain;
    struct evbuffer *bytes = stream->queue->bytes;
    int failed = shared ? evbuffer_add_reference(bytes, data, size, release_shared,
                                                 shared_bytes_reference(shared))
                        : evbuffer_add(bytes, data, size);
    if (failed)
        mem_exhausted();
    stream_note(stream, before, plain, 0);
    stream_watch(stream);
}

/* Without lanes. */
static void send_all(struct stream *stream, const char *data, size_t size,
                     struct shared_bytes *shared)
{
    size_t sent = stream->queue ? 0 : send_now(stream, data, size);
    if (sent < size)
        enqueue(stream, data + sent, size - sent, shared, size - sent);
}

void stream_put(struct stream *stream, const char *data, size_t size)
{
    size_t sent = stream->queue ? 0 : send_now(stream, data, size);
    ledger_put(&stream->lane->ledger, size);
    if (sent == size)
        return;
    enqueue(stream, data + sent, size - sent, NULL, 0);
    stream->queue->chatter += size - sent;
}

/* What of it waits is known once all that it became is there. */
static void send_through(struct stream *stream, const char *data, size_t size)
{
    struct ledger *ledger = &stream->lane->ledger;
    const uint64_t put = ledger->put;
    const size_t waited = stream_waiting(stream);
    lane_out(stream->lane, data, size);
    const uint64_t wire = ledger->put - put;
    const size_t waits = stream_waiting(stream) - waited;
    const size_t plain = ledger_share(size, waits, wire);
    ledger_said(ledger, size, wire);
    if (plain == 0)
        return;
    stream->queue->chatter -= waits;
    stream->queue->plain += plain;
    stream_note(stream, stream_own(stream), plain, 0);
}

void stream_send(struct stream *stream, const void *data, size_t size)
{
    if (stream->lane)
        send_through(stream, data, size);
    else
        send_all(stream, data, size, NULL);
}

void stream_send_shared(struct stream *stream, struct shared_bytes *shared)
{
    bool copied = shared->size < SHARED_LEAST;
    if (stream->lane)
        send_through(stream, shared->data, shared->size);
    else
        send_all(stream, shared->data, shared->size, copied ? NULL : shared);
}

/* --- from the queue --- */

/* Returns whether nothing is left. */
static bool take_off(struct stream *stream, size_t before, size_t wrote)
{
    struct stream_queue *queue = stream->queue;
    const size_t left = stream_waiting(stream), was = queue->plain;
    queue->plain = ledger_share(was, left, left + wrote);
    if (queue->lent > left)
        queue->lent = left;
    if (left == 0)
        stream_queue_free(stream);
    stream_note(stream, before, 0, was - stream_queued(stream));
    stream_watch(stream);
    return left == 0;
}

void stream_write(struct stream *stream)
{
    const size_t before = stream_own(stream);
    int wrote = evbuffer_write_atmost(stream->queue->bytes, stream->fd, WRITE_MOST);
    if (wrote < 0 && errno != EAGAIN && errno != EINTR)
        stream_break(stream, errno);
    if (wrote <= 0 || !take_off(stream, before, (size_t)wrote))
        return;
    if (stream->user->drained && stream->state.life != STREAM_BEGINS)
        stream->user->drained(stream);
    if (!stream->queue)
        stream_happens(stream, STREAM_DRAINED);
}
