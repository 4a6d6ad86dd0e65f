/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "base/budget.h"
#include "base/mem.h"
#include "stream/lane.h"
#include "stream/pending.h"
#include "stream/stream_parts.h"

/* Full reads in one turn, so that one fast peer leaves the others their share. */
enum { READS_A_TURN = 4 };

void streams_init(struct streams *streams, struct loop *loop, const struct host *host,
                  struct budget *budget)
{
    *streams = (struct streams){.loop = loop,
                                .host = *host,
                                .budget = budget,
                                .poller = poller_create(loop),
                                .buffer = mem_pages(FRAMING_MESSAGE_MAX),
                                .room = mem_pages(FRAMING_MESSAGE_MAX)};
}

void streams_finish(struct streams *streams)
{
    poller_destroy(streams->poller);
    free(streams->buffer);
    free(streams->room);
}

/* --- what it holds --- */

size_t stream_own(const struct stream *stream)
{
    return pending_room(stream->input) + lane_held(stream->lane) + lane_room(stream->lane) +
           stream_waiting(stream) - stream_lent(stream);
}

size_t stream_taken(const struct stream *stream)
{
    return stream_own(stream) + stream_lent(stream);
}

size_t stream_held(const struct stream *stream)
{
    return stream_taken(stream) - lane_room(stream->lane);
}

void stream_note(struct stream *stream, size_t before, size_t added, size_t gone)
{
    budget_change(stream->streams->budget, before, stream_own(stream));
    if (stream->user->holds)
        stream->user->holds(stream, added, gone);
}

/* --- what it waits for --- */

bool stream_is_paused(const struct stream *stream)
{
    return stream->pauses & (STREAM_HELD | STREAM_UNREAD);
}

bool stream_is_closing(const struct stream *stream)
{
    return stream->state.life != STREAM_BEGINS && stream->state.life != STREAM_STANDS;
}

/* One that has failed reads its last when all that came before is told. */
static bool reads(const struct stream *stream)
{
    return !stream->pauses && stream->state.in == STREAM_IN_OPEN &&
           !(stream->failed && stream->state.life == STREAM_STANDS) &&
           !(stream->lane && stream_chats(stream));
}

static bool stays(const struct stream *stream)
{
    const struct stream_state *state = &stream->state;
    return (stream->kind & STREAM_STAYS) && state->life == STREAM_STANDS &&
           state->in == STREAM_IN_TOLD && state->out != STREAM_OUT_SHUT;
}

void stream_watch(struct stream *stream)
{
    if (stream->served || stream->state.life == STREAM_OVER)
        return;
    const bool writes = stream->queue && !stream->broken;
    poller_watch(stream->streams->poller, stream->fd, &stream->source,
                 (reads(stream) ? POLLER_IN : 0u) | (writes ? POLLER_OUT : 0u) |
                     (stays(stream) ? POLLER_GONE : 0u));
}

/* --- bytes in --- */

static void receive(struct stream *stream, const char *data, size_t size)
{
    if (stream->lane)
        lane_in(stream->lane, data, size);
    else
        stream_take(stream, data, size);
}

void stream_take_end(struct stream *stream)
{
    stream_happens(stream, STREAM_FAR_ENDED);
    if (!stream->served)
        poller_again(stream->streams->poller, &stream->source);
}

/* Told once all is taken. */
static void receive_end(struct stream *stream)
{
    if (stream->kind & STREAM_ENDLESS)
        stream->broken = ENODEV;
    stream_take_end(stream);
    if (stream->lane)
        lane_in_end(stream->lane);
    stream_take_pending(stream);
}

static ssize_t read_into(const struct stream *stream, char *buffer)
{
    if (!(stream->kind & STREAM_TTY))
        return recv(stream->fd, buffer, FRAMING_MESSAGE_MAX, 0);
    ssize_t got = read(stream->fd, buffer, FRAMING_MESSAGE_MAX);
    return got < 0 && errno == EIO ? 0 : got;
}

/* One read. Returns whether another may be worth it this turn. */
static bool read_some(struct stream *stream)
{
    char *buffer = stream->streams->buffer;
    if (mem_is_short())
        return false;
    ssize_t got = read_into(stream, buffer);
    if (got > 0) {
        receive(stream, buffer, (size_t)got);
    } else if (got == 0) {
        receive_end(stream);
    } else if (errno == EAGAIN && stream->broken) {
        stream_fail(stream, stream->broken);
    } else if (errno != EAGAIN && errno != EINTR) {
        stream_fail(stream, errno);
    }
    return got == (ssize_t)FRAMING_MESSAGE_MAX;
}

static void tell_end(struct stream *stream)
{
    if (stream->failed && stream->state.life == STREAM_STANDS)
        stream_say_farewell(stream);
    else if (stream->broken)
        stream_fail(stream, stream->broken);
    else
        stream_happens(stream, STREAM_ALL_TAKEN);
}

static void serve_input(struct stream *stream)
{
    stream_messages_begin(stream);
    stream_take_pending(stream);
    for (int i = 0; i < READS_A_TURN && stream->budget > 0 && reads(stream) &&
                    stream->state.life != STREAM_OVER;
         i++)
        if (!read_some(stream) && !stream->broken)
            break;
    bool more = stream->budget == 0 && stream_has_pending(stream) && !stream_is_paused(stream);
    if (stream->broken && (stream->pauses & STREAM_UNREAD)) /* it waits in vain */
        stream_fail(stream, stream->broken);
    else if (more || (stream->broken && reads(stream)))
        poller_again(stream->streams->poller, &stream->source);
    else if ((stream->state.in != STREAM_IN_OPEN || stream->failed) &&
             !stream_has_pending(stream))
        tell_end(stream);
}

/* Writes first, which may let it read on. */
static void ready_cb(struct poller_source *source, unsigned what)
{
    struct stream *stream = container_of(source, struct stream, source);
    if (stream->state.life == STREAM_OVER) { /* and not freed yet, which ends the watch too */
        poller_watch(stream->streams->poller, stream->fd, source, 0);
        return;
    }
    stream->served = true;
    if ((what & POLLER_OUT) && stream->queue)
        stream_write(stream);
    if (what & POLLER_GONE)
        stream_gone(stream);
    else if (what != POLLER_OUT)
        serve_input(stream);
    stream->served = false;
    stream_watch(stream);
}

void stream_pause(struct stream *stream, unsigned pauses)
{
    const bool was = stream->pauses;
    stream->pauses = (unsigned char)pauses;
    if (stream->fd < 0)
        return;
    stream_watch(stream);
    /* What is left over from before, or an end not told yet: no readiness will come for it. */
    if (was && !stream_is_paused(stream) &&
        (stream_has_pending(stream) || stream->state.in != STREAM_IN_OPEN || stream->broken))
        poller_again(stream->streams->poller, &stream->source);
}

void stream_break(struct stream *stream, int cause)
{
    stream->broken = (unsigned char)cause;
    stream_watch(stream);
    poller_again(stream->streams->poller, &stream->source);
}

/* --- birth and death --- */

void stream_init(struct stream *stream, struct streams *streams, const struct stream_user *user,
                 const struct framing *framing)
{
    CAST_INIT(stream, stream);
    stream->source.ready = ready_cb;
    stream->user = user;
    stream->streams = streams;
    stream->framing = framing;
    stream_cutter_create(stream);
    stream->fd = -1;
}

void stream_open(struct stream *stream, int fd, unsigned kind)
{
    stream->fd = fd;
    stream->kind = (unsigned char)kind;
    stream_watch(stream);
    if (stream->lane)
        stream_await_lanes(stream);
    else
        stream_opened(stream);
}

void stream_finish(struct stream *stream)
{
    budget_change(stream->streams->budget, stream_own(stream), 0);
    stream_closing_free(stream);
    stream_queue_free(stream);
    pending_clear(&stream->input);
    stream_cutter_destroy(stream);
    lane_destroy_all(stream->lane);
    poller_forget(stream->streams->poller, &stream->source);
    if (stream->kind & STREAM_TTY && stream_undelivered(stream) > 0)
        tcflush(stream->fd, TCOFLUSH); /* else it may be the far end's already, as a pty's is */
    if (stream->fd >= 0)
        close(stream->fd); /* ends the watch */
}
