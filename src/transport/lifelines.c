/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/lifelines.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/cast.h"
#include "base/mem.h"
#include "core/hub.h"
#include "loop/timeout.h"
#include "transport/lifeline.h"
#include "transport/line.h"
#include "transport/transport.h"

/* Looks in the time of --keepalive: the first that finds a line silent is soon enough that it
 * is closed well within twice that time. */
enum { LOOKS = 4 };
/* Lines looked at in one turn of the loop. */
enum { LINES_A_TURN = 256 };

struct lifelines {
    struct timeout *timer;
    uint64_t after; /* number of the peer that was looked at last */
    bool wait;      /* bytes are on their way to one of those looked at since the first */
};

static void arm(struct switchboard *board)
{
    board->lifelines->after = 0;
    board->lifelines->wait = false;
    timeout_set(board->lifelines->timer, board->settings.keepalive / LOOKS);
}

/* Peers may come and go meanwhile: goes on by number. Returns whether there are more. */
static bool look_at_some(struct switchboard *board)
{
    struct lifelines *lifelines = board->lifelines;
    for (unsigned i = 0; i < LINES_A_TURN; i++) {
        struct peer *peer = hub_after(board->hub, lifelines->after);
        if (!peer)
            return false;
        lifelines->after = peer->number;
        if (peer->link->ops->check_line && peer->link->ops->check_line(peer->link))
            lifelines->wait = true;
    }
    return true;
}

static void timer_cb(void *context)
{
    struct switchboard *board = CAST(switchboard, context);
    board->lifelines_run = board->settings.keepalive > 0;
    if (!board->lifelines_run)
        return;
    if (look_at_some(board))
        timeout_set(board->lifelines->timer, 0);
    else if (board->lifelines->wait)
        arm(board);
    else
        board->lifelines_run = false;
}

void lifelines_begin(struct switchboard *board)
{
    if (board->settings.keepalive <= 0)
        return;
    if (!board->lifelines) {
        board->lifelines = mem_zalloc(sizeof *board->lifelines);
        board->lifelines->timer =
            timeout_create(board->loop, LOOP_PEERS, PART_PEERS, timer_cb, board);
    }
    board->lifelines_run = true;
    arm(board);
}

bool lifelines_check(struct link *link)
{
    struct line *line = CAST(line, link);
    struct stream *stream = &line->stream;
    const struct switchboard *board = line_board(line);
    struct tcp_info info = {0};
    socklen_t size = sizeof info;
    if (stream->fd < 0 || stream->broken ||
        getsockopt(stream->fd, IPPROTO_TCP, TCP_INFO, &info, &size) < 0)
        return false;
    if (lifeline_is_dead(&line->life, &info, hub_now(board->hub), board->settings.keepalive))
        stream_break(stream, ETIMEDOUT);
    return lifeline_waits(&info) || stream_queued(stream) > 0;
}

void lifelines_finish(struct switchboard *board)
{
    if (!board->lifelines)
        return;
    timeout_destroy(board->lifelines->timer);
    free(board->lifelines);
}
