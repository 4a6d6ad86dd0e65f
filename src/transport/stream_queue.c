/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a stream sends: to the socket at once while nothing waits, else behind what does. There
 * is a queue only while something is in it, so that an idle peer does not pay for one.
 */
#include <errno.h>
#include <event2/buffer.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "base/shared.h"
#include "core/hub.h"
#include "transport/lifelines.h"
#include "transport/stream.h"
#include "transport/stream_end.h"
#include "transport/transport.h"

/* A shorter text is copied to those that have to wait for it: a reference would take more room.
 */
enum { SHARED_LEAST = 2048 }; /* libevent takes a kilobyte for one */
/* Written at a time, so that one fast reader leaves the others their share. */
enum { WRITE_MOST = 256 << 10 };

size_t stream_queued(const struct link *link)
{
    const struct stream *stream = (const struct stream *)link;
    return stream->queue ? evbuffer_get_length(stream->queue) : 0;
}

static bool has_room(const struct stream *stream, size_t queued, size_t size)
{
    size_t bound = stream->board->hub->settings.max_queue;
    if (queued == 0 && bound < HUB_REPLY_MAX)
        bound = HUB_REPLY_MAX;
    return queued <= bound && size <= bound - queued;
}

/* What the kernel takes at once. An error of the socket shows when what is left is written;
 * death never comes from here. */
static size_t send_now(struct stream *stream, const void *data, size_t size)
{
    ssize_t took = send(stream->fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (!stream->board->lifelines_run && stream->link.ops->check_line)
        lifelines_begin(stream->board);
    return took > 0 ? (size_t)took : 0;
}

static void note_change(struct stream *stream, size_t added, size_t gone)
{
    hub_queue_changed(stream->board->hub, stream->link.peer, added, gone);
    stream_charge(stream);
    stream_watch(stream);
}

static void release_shared(const void *data, size_t size, void *shared)
{
    (void)data;
    (void)size;
    shared_release(shared);
}

/* shared: what data is of, or NULL where it has to be copied. */
static void enqueue(struct stream *stream, const void *data, size_t size, struct shared *shared)
{
    if (!stream->queue && !(stream->queue = evbuffer_new()))
        mem_exhausted();
    stream->lent += shared ? size : 0;
    int failed = shared ? evbuffer_add_reference(stream->queue, data, size, release_shared,
                                                 shared_reference(shared))
                        : evbuffer_add(stream->queue, data, size);
    if (failed)
        mem_exhausted();
    note_change(stream, size, 0);
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

static void free_queue(struct stream *stream)
{
    evbuffer_free(stream->queue);
    stream->queue = NULL;
}

void stream_write(struct stream *stream)
{
    int wrote = evbuffer_write_atmost(stream->queue, stream->fd, WRITE_MOST);
    if (wrote < 0 && errno != EAGAIN && errno != EINTR)
        stream_break(stream, errno);
    if (wrote <= 0)
        return;
    const bool drained = evbuffer_get_length(stream->queue) == 0;
    if (drained)
        free_queue(stream);
    note_change(stream, 0, (size_t)wrote);
    if (!drained)
        return;
    hub_drained(stream->board->hub, stream->link.peer);
    stream_end_drained(stream);
}
