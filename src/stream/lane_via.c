/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream/lane_via.h"

#include <stdlib.h>

#include "base/cast.h"
#include "base/mem.h"
#include "stream/lane.h"
#include "stream/via.h"

struct lane_via {
    struct lane lane; /* first */
    CAST_MARK;
    struct via *via;
    struct via_talk talk;
};

static void say(struct lane_via *self)
{
    UT_string *say = &self->talk.say;
    if (utstring_len(say) > 0)
        lane_down(&self->lane, utstring_body(say), utstring_len(say));
    utstring_clear(say);
}

static void start(struct lane *lane)
{
    struct lane_via *self = CAST(lane_via, lane);
    self->via->protocol->begin(&self->talk);
    say(self);
}

static size_t in(struct lane *lane, const char *data, size_t size)
{
    struct lane_via *self = CAST(lane_via, lane);
    struct via_talk *talk = &self->talk;
    size_t taken = 0, answer;
    do {
        answer = self->via->protocol->take(talk, data + taken, size - taken);
        taken += answer;
        say(self);
    } while (answer > 0 && !talk->open && taken < size);
    if (talk->error)
        lane_drop(lane, talk->error);
    else if (talk->open)
        lane_leave(lane);
    return taken;
}

static void in_end(struct lane *lane)
{
    lane_drop(lane, "the proxy hung up before it said yes");
}

static void destroy(struct lane *lane)
{
    struct lane_via *self = CAST(lane_via, lane);
    utstring_done(&self->talk.say);
    free(self->talk.error);
    via_destroy(self->via);
    free(self);
}

void lane_via_add(struct stream *stream, struct via *via)
{
    static const struct lane_ops ops = {.name = "via",
                                        .late = "the proxy has not answered in time",
                                        .start = start,
                                        .in = in,
                                        .in_end = in_end,
                                        .destroy = destroy};
    struct lane_via *self = mem_zalloc(sizeof *self);
    CAST_INIT(lane_via, self);
    self->lane.ops = &ops;
    self->via = via;
    self->talk.via = via;
    utstring_init(&self->talk.say);
    lane_add(stream, &self->lane);
}
