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

/* Nobody wants what comes any more. */
static bool is_deaf(const struct lane *lane)
{
    return lane->stream->failed || stream_is_closing(lane->stream);
}

void lane_add(struct stream *stream, struct lane *lane)
{
    lane->stream = stream;
    lane->below = stream->lane ? top_of(stream->lane) : NULL;
    if (lane->below)
        lane->below->above = lane;
    else
        stream->lane = lane;
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
        held += pending_room(lowest->rest);
    return held;
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
    for (; lane; lane = lane->below)
        if (lane->open && lane->ops->out_end)
            lane->ops->out_end(lane);
}

void lane_fail(struct lane *lane, const char *why)
{
    if (is_deaf(lane))
        return;
    say_end(lane->below);
    stream_fail_lane(lane->stream, why);
}

void lane_drop(struct lane *lane, const char *why)
{
    stream_give_up(lane->stream, STREAM_BROKEN, why);
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

void lane_up_end(struct lane *lane)
{
    if (is_deaf(lane))
        return;
    if (lane->above)
        lane_in_end(lane->above);
    else
        stream_take_end(lane->stream);
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

void lane_in(struct lane *lowest, const char *data, size_t size)
{
    struct lane *lane = lowest;
    const bool rested = lane->rest;
    if (is_deaf(lane))
        return;
    if (rested) {
        keep(lane, data, size);
        data = pending_data(lane->rest);
        size = pending_size(lane->rest);
    }
    size_t taken = lane->ops->in(lane, data, size);
    if (is_deaf(lane))
        return;
    if (lane->leaves)
        part_with(lane, data + taken, size - taken);
    else if (size - taken > LANE_REST_MAX)
        lane_fail(lane, "a message of its lane is too long");
    else if (rested)
        drop(lane, taken);
    else if (taken < size)
        keep(lane, data + taken, size - taken);
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
