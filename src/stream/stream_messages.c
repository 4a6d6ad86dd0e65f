/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What of a stream's input is a message: told one by one, as its framing cuts them off. What is
 * none yet waits, with what the framing knows of it.
 */
#include <stdlib.h>

#include "base/cast.h"
#include "base/mem.h"
#include "loop/loop.h"
#include "loop/timeout.h"
#include "stream/lane.h"
#include "stream/pending.h"
#include "stream/stream_parts.h"

/* In one turn, so that one who says little at a time leaves the others their share. */
enum { MESSAGES_A_TURN = 64 };

struct stream_cutter {
    struct framing_state state;
    CAST_MARK;
    struct stream *stream;
    struct timeout *gap; /* NULL: no silence ends a message */
    bool silent;         /* one has, and not all before it is told */
};

void stream_messages_begin(struct stream *stream)
{
    stream->budget = MESSAGES_A_TURN;
}

/* --- telling them --- */

bool stream_is_taking(const struct stream *stream)
{
    return stream->state.life == STREAM_STANDS && !stream_is_paused(stream) &&
           stream->budget > 0;
}

static bool has_end(const struct stream *stream)
{
    return stream->state.in != STREAM_IN_OPEN || stream->failed ||
           (stream->cutter && stream->cutter->silent);
}

static struct framing_piece cut(struct stream *stream, const char *data, size_t size)
{
    const struct framing_input input = {
        .data = data, .size = size, .end = has_end(stream), .room = stream->streams->room};
    struct framing_state *state = stream->cutter ? &stream->cutter->state : NULL;
    return framing_cut(stream->framing, state, &input);
}

/* Message after message, until one is unfinished or the stream is paused. */
static size_t take_messages(struct stream *stream, const char *data, size_t size)
{
    size_t taken = 0;
    if (stream->state.life != STREAM_STANDS)
        return size; /* closing: discarded */
    while (taken < size && stream_is_taking(stream)) {
        const struct framing_piece piece = cut(stream, data + taken, size - taken);
        if (piece.taken == 0)
            break;
        stream->budget--;
        taken += piece.taken;
        stream->user->message(stream, &piece);
    }
    return taken;
}

/* A framing that was asked for cuts what stands in the messages. */
void stream_tell(struct stream *stream, const struct framing_piece *piece)
{
    if (stream->state.life != STREAM_STANDS)
        return;
    if (stream->framing->ops != &framing_raw || stream->input) {
        stream_take(stream, piece->data, piece->size);
        return;
    }
    stream->budget--;
    stream->user->message(stream, piece);
}

/* --- what waits --- */

static void keep(struct stream *stream, const char *data, size_t size)
{
    const size_t before = stream_own(stream);
    pending_add(&stream->input, data, size);
    stream_note(stream, before, 0, 0);
    if (stream->cutter && stream->cutter->gap)
        timeout_set(stream->cutter->gap, (int64_t)stream->framing->gap * 1000);
}

static void drop(struct stream *stream, size_t size)
{
    const size_t before = stream_own(stream);
    pending_take(&stream->input, size);
    stream_note(stream, before, 0, 0);
    if (stream->cutter && !stream->input)
        stream->cutter->silent = false;
}

static void take_input(struct stream *stream)
{
    drop(stream,
         take_messages(stream, pending_data(stream->input), pending_size(stream->input)));
}

void stream_take_rest(struct stream *stream)
{
    if (stream->input && !stream_is_paused(stream))
        take_input(stream);
}

void stream_take_pending(struct stream *stream)
{
    if (stream_is_paused(stream))
        return;
    if (stream->input)
        take_input(stream);
    if (stream->lane)
        lane_again(stream->lane);
}

bool stream_has_pending(const struct stream *stream)
{
    return stream->input || lane_waits(stream->lane);
}

void stream_take(struct stream *stream, const char *data, size_t size)
{
    if (stream->input) {
        keep(stream, data, size);
        if (!stream_is_paused(stream))
            take_input(stream);
        return;
    }
    const size_t taken = take_messages(stream, data, size);
    if (taken < size)
        keep(stream, data + taken, size - taken);
}

/* --- what the framing keeps --- */

static void silent_cb(void *context)
{
    struct stream_cutter *cutter = CAST(stream_cutter, context);
    struct stream *stream = cutter->stream;
    cutter->silent = stream->input != NULL;
    if (cutter->silent)
        poller_again(stream->streams->poller, &stream->source);
}

void stream_cutter_create(struct stream *stream)
{
    const bool gap = stream->framing->ops == &framing_gap;
    if (!gap && !stream->framing->ops->keeps)
        return;
    struct stream_cutter *cutter = mem_zalloc(sizeof *cutter);
    CAST_INIT(stream_cutter, cutter);
    cutter->stream = stream;
    if (gap)
        cutter->gap =
            timeout_create(stream->streams->loop, LOOP_PEERS, PART_PEERS, silent_cb, cutter);
    stream->cutter = cutter;
}

void stream_cutter_destroy(struct stream *stream)
{
    if (!stream->cutter)
        return;
    timeout_destroy(stream->cutter->gap);
    free(stream->cutter);
    stream->cutter = NULL;
}

void stream_frame(struct stream *stream, const struct framing *framing)
{
    stream_cutter_destroy(stream);
    stream->framing = framing;
    stream_cutter_create(stream);
    if (stream->fd >= 0 && stream->input && !stream_is_paused(stream))
        poller_again(stream->streams->poller, &stream->source);
}
