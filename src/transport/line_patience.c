/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/line_patience.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/hub.h"
#include "loop/timeout.h"
#include "transport/line.h"
#include "transport/transport.h"

/* Made when first something is to be waited for. */
struct line_patience {
    struct timeout *timer;
    int64_t deadline; /* hub clock: of a half-close; 0: none */
    size_t queued;    /* at the last look whether the line is idle */
};

static struct hub *hub_of(const struct line *line)
{
    return line_board(line)->hub;
}

static int64_t idle_timeout(const struct line *line)
{
    return line_board(line)->settings.idle_timeout;
}

/* Else its end is under way, and is nobody's patience any more. */
static bool stands(const struct line *line)
{
    const struct stream_state *state = &line->stream.state;
    return state->life == STREAM_STANDS &&
           !(state->in == STREAM_IN_TOLD && state->out == STREAM_OUT_SHUT);
}

static int64_t idle_left(const struct line *line)
{
    return line->link.peer->active + idle_timeout(line) - hub_now(hub_of(line));
}

static void timer_cb(void *context);

static struct line_patience *patience_of(struct line *line)
{
    if (!line->patience) {
        struct line_patience *patience = mem_zalloc(sizeof *patience);
        patience->timer =
            timeout_create_of_many(line_board(line)->loop, PART_PEERS, timer_cb, line);
        line->patience = patience;
    }
    return line->patience;
}

/* The next moment at which something is due: the end of a half-close, or of the patience. */
static void set_timer(struct line *line)
{
    int64_t deadline = line->patience ? line->patience->deadline : 0;
    int64_t idle = idle_timeout(line) > 0 ? idle_left(line) : INT64_MAX;
    int64_t half_close = deadline ? deadline - hub_now(hub_of(line)) : INT64_MAX;
    int64_t next = idle < half_close ? idle : half_close;
    if (next != INT64_MAX)
        timeout_set(patience_of(line)->timer, next);
}

/* The kernel's part counts too: of its megabytes it frees a third before it takes more of ours.
 */
static size_t under_way(const struct line *line)
{
    return stream_queued(&line->stream) + stream_undelivered(&line->stream);
}

/* A queue that shrinks is bytes on their way, though nobody is told of each. */
static bool is_idle(struct line *line)
{
    size_t queued = under_way(line);
    bool held = line->link.peer->pauses & LINK_PAUSE_HOLD; /* it is we who do not read */
    bool moves = held || queued < line->patience->queued;
    line->patience->queued = queued;
    if (moves)
        line->link.peer->active = hub_now(hub_of(line));
    return idle_timeout(line) > 0 && idle_left(line) <= 0;
}

static void timer_cb(void *context)
{
    struct line *line = CAST(line, context);
    struct peer *peer = line->link.peer;
    if (peer->state == PEER_DEAD || !stands(line))
        return;
    if (line->patience->deadline && hub_now(hub_of(line)) >= line->patience->deadline) {
        line->patience->deadline = 0;
        if (peer_is_up(peer)) /* else a close waits for a file, and must go on waiting */
            hub_close(hub_of(line), peer, CLOSE_EOF);
    } else if (is_idle(line)) {
        hub_close(hub_of(line), peer, CLOSE_TIMEOUT);
    }
    if (stands(line) && peer->state != PEER_DEAD)
        set_timer(line);
}

void line_patience_begin(struct line *line)
{
    if (stands(line))
        set_timer(line);
}

void line_patience_half_close(struct line *line, int64_t half_close)
{
    patience_of(line)->deadline = hub_now(hub_of(line)) + half_close;
    set_timer(line);
}

void line_patience_stay(struct line *line)
{
    if (line->patience)
        line->patience->deadline = 0;
}

/*
 * Nobody has looked lately whether the queue shrinks, so that whoever has one left is given a
 * whole idle time to show it.
 */
void line_patience_renew(struct line *line)
{
    if (!stands(line) || idle_timeout(line) <= 0)
        return; /* a timer that is set finds nothing to do */
    size_t queued = under_way(line);
    patience_of(line)->queued = queued;
    if (queued > 0)
        line->link.peer->active = hub_now(hub_of(line));
    set_timer(line);
}

void line_patience_end(struct line *line)
{
    if (!line->patience)
        return;
    timeout_destroy(line->patience->timer);
    free(line->patience);
    line->patience = NULL;
}
