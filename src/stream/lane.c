/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream/lane.h"

#include "stream/pending.h"
#include "stream/stream_parts.h"

static struct lane *top_of(struct lane *lowest)
{
    while (lowest->above)
        lowest = lowest->above;
    return lowest;
}

/* Nobody wants what has come any more, but for a farewell. */
static bool is_unwanted(const struct lane *lane)
{
    const struct stream *stream = lane->stream;
    return stream_is_closing(stream) && !lane_awaits_end(stream->lane);
}

/* Nor what comes. */
static bool is_deaf(const struct lane *lane)
{
    return lane->stream->failed || is_unwanted(lane);
}

void lane_add(struct stream *stream, struct lane *lane)
{
    const size_t before = stream_own(stream);
    lane->stream = stream;
    lane->below = stream->lane ? top_of(stream->lane) : NULL;
    if (lane->below)
        lane->below->above = lane;
    else
        stream->lane = lane;
    stream_note(stream, before, 0, 0);
}

static void destroy(struct lane *lane)
{
    pending_clear(&lane->rest);
    lane->ops->destroy(lane);
}

void lane_destroy_all(struct lane *lowest)
{
    while (lowest) {
        struct lane *above = lowest->above;
        destroy(lowest);
        lowest = above;
    }
}

size_t lane_held(const struct lane *lowest)
{
    size_t held = 0;
    for (; lowest; lowest = lowest->above)
        held +=
            pending_room(lowest->rest) + (lowest->ops->held ? lowest->ops->held(lowest) : 0);
    return held;
}

size_t lane_room(const struct lane *lowest)
{
    size_t room = 0;
    for (; lowest; lowest = lowest->above)
        room += lowest->ops->room ? lowest->ops->room(lowest) : 0;
    return room;
}

bool lane_waits(const struct lane *lowest)
{
    while (lowest && !lowest->waits)
        lowest = lowest->above;
    return lowest;
}

bool lane_awaits_end(const struct lane *lowest)
{
    while (lowest && !lowest->awaits_end)
        lowest = lowest->above;
    return lowest;
}

bool lane_has_parted(const struct lane *lowest)
{
    while (lowest && !lowest->parted)
        lowest = lowest->above;
    return lowest;
}

const char *lane_farewell(const struct lane *lowest, unsigned *code)
{
    *code = 0;
    while (lowest && !lowest->ops->farewell)
        lowest = lowest->above;
    return lowest ? lowest->ops->farewell(lowest, code) : NULL;
}

/* --- opening --- */

void lane_start(struct lane *lowest)
{
    if (lowest->ops->start)
        lowest->ops->start(lowest);
}

void lane_open(struct lane *lane)
{
    lane->open = true;
    if (lane->above)
        lane_start(lane->above);
    else
        stream_opened(lane->stream);
}

void lane_leave(struct lane *lane)
{
    lane->leaves = true;
    lane_open(lane);
}

/* Those from this one down. */
static void say_end(struct lane *lane)
{
    for (; lane; lane = lane->below) {
        if (lane->open && lane->ops->out_end)
            lane->ops->out_end(lane);
        if (lane->awaits_end) /* those below end theirs behind the far end's: lane_part */
            break;
    }
}

void lane_fail(struct lane *lane, const char *why)
{
    if (is_deaf(lane))
        return;
    say_end(lane->below);
    stream_fail_lane(lane->stream, why);
}

void lane_part(struct lane *lane)
{
    struct stream *stream = lane->stream;
    lane->awaits_end = false;
    lane->parted = true;
    say_end(lane->below);
    if (stream->failed)
        return;
    if (stream->state.life == STREAM_STANDS && stream->state.out == STREAM_OUT_OPEN)
        stream_happens(stream, STREAM_END);
    else if (!stream->queue)
        stream_happens(stream, STREAM_DRAINED);
}

void lane_drop(struct lane *lane, const char *why)
{
    stream_give_up(lane->stream, STREAM_BROKEN, why);
}

void lane_time_out(struct lane *lane, const char *why)
{
    stream_give_up(lane->stream, STREAM_TIMED_OUT, why);
}

const char *lane_late(const struct lane *lowest)
{
    while (lowest && lowest->open)
        lowest = lowest->above;
    return lowest && lowest->ops->late ? lowest->ops->late : "the line did not open in time";
}

/* --- up --- */

void lane_up(struct lane *lane, const char *data, size_t size)
{
    if (lane->above)
        lane_in(lane->above, data, size);
    else
        stream_take(lane->stream, data, size);
}

bool lane_may_tell(const struct lane *lane)
{
    return stream_is_taking(lane->stream);
}

void lane_tell(struct lane *lane, const struct framing_piece *piece)
{
    stream_tell(lane->stream, piece);
}

size_t lane_queued(const struct lane *lane)
{
    return stream_waiting(lane->stream);
}

void lane_up_end(struct lane *lane)
{
    if (is_deaf(lane))
        return;
    if (lane->above)
        lane_in_end(lane->above);
    else {
        stream_take_end(lane->stream);
        stream_take_rest(lane->stream);
    }
}

static void keep(struct lane *lane, const char *data, size_t size)
{
    const size_t before = stream_own(lane->stream);
    pending_add(&lane->rest, data, size);
    stream_note(lane->stream, before, 0, 0);
}

static void drop(struct lane *lane, size_t size)
{
    const size_t before = stream_own(lane->stream);
    pending_take(&lane->rest, size);
    stream_note(lane->stream, before, 0, 0);
}

static void unlink_lane(struct lane *lane)
{
    if (lane->below)
        lane->below->above = lane->above;
    else
        lane->stream->lane = lane->above;
    if (lane->above)
        lane->above->below = lane->below;
}

/* What it has left is the next one's, as all that comes from now on. */
static void part_with(struct lane *lane, const char *data, size_t size)
{
    const size_t before = stream_own(lane->stream);
    struct stream *stream = lane->stream;
    unlink_lane(lane);
    stream_note(stream, before, 0, 0);
    if (size > 0)
        lane_up(lane, data, size);
    destroy(lane);
}

static size_t own(const struct lane *lane)
{
    const struct lane_ops *ops = lane->ops;
    return (ops->held ? ops->held(lane) : 0) + (ops->room ? ops->room(lane) : 0);
}

/* What it takes itself may change with that. */
static size_t give(struct lane *lane, const char *data, size_t size)
{
    const size_t before = own(lane);
    const size_t taken = lane->ops->in(lane, data, size);
    const size_t after = own(lane);
    if (after != before)
        stream_note(lane->stream, stream_own(lane->stream) - after + before, 0, 0);
    return taken;
}

/* Returns whether it is there still. */
static bool offer(struct lane *lane, const char *data, size_t size, size_t *taken)
{
    *taken = give(lane, data, size);
    if (is_deaf(lane))
        return true;
    if (lane->leaves) {
        part_with(lane, data + *taken, size - *taken);
        return false;
    }
    if (size - *taken > LANE_REST_MAX)
        lane_fail(lane, "more than 128 KiB came of which nothing could be understood");
    return true;
}

static void take_rest(struct lane *lane)
{
    size_t taken;
    if (offer(lane, pending_data(lane->rest), pending_size(lane->rest), &taken))
        drop(lane, taken);
}

void lane_in(struct lane *lowest, const char *data, size_t size)
{
    struct lane *lane = lowest;
    if (is_deaf(lane))
        return;
    if (lane->rest) {
        keep(lane, data, size);
        take_rest(lane);
        return;
    }
    size_t taken;
    if (offer(lane, data, size, &taken) && !is_deaf(lane) && taken < size)
        keep(lane, data + taken, size - taken);
}

void lane_again(struct lane *lowest)
{
    for (struct lane *lane = lowest; lane; lane = lane->above) {
        const bool waits = lane->waits;
        lane->waits = false;
        if (!waits || is_unwanted(lane))
            continue;
        if (lane->rest)
            take_rest(lane);
        else
            give(lane, "", 0);
    }
}

void lane_in_end(struct lane *lowest)
{
    struct lane *lane = lowest;
    while (lane && !lane->ops->in_end)
        lane = lane->above;
    if (lane && !is_deaf(lane))
        lane->ops->in_end(lane);
    else if (!lane)
        stream_take_end(lowest->stream);
}

/* --- down --- */

/* lane NULL: none is left. */
static void give_down(struct stream *stream, struct lane *lane, const char *data, size_t size)
{
    while (lane && !lane->ops->out)
        lane = lane->below;
    if (lane)
        lane->ops->out(lane, data, size);
    else
        stream_put(stream, data, size);
}

void lane_down(struct lane *lane, const char *data, size_t size)
{
    give_down(lane->stream, lane->below, data, size);
}

void lane_out(struct lane *lowest, const char *data, size_t size)
{
    give_down(lowest->stream, top_of(lowest), data, size);
}

void lane_out_end(struct lane *lowest)
{
    say_end(top_of(lowest));
}
