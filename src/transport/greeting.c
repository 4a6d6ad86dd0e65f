/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/greeting.h"

#include <stdlib.h>

#include "base/jobs.h"
#include "base/mem.h"
#include "base/ut.h"
#include "core/hub.h"
#include "loop/loop.h"
#include "stream/lane_proxy.h"
#include "transport/line.h"
#include "transport/line_listener.h"
#include "transport/transport.h"

/* A proxy sends its header with the first segment. */
enum { PATIENCE = 10000000 /* microseconds */ };
/* Where more are under way the oldest goes. */
enum { GREETINGS_MOST = 1024 };

enum stage {
    WAITS,    /* for the lanes to open */
    FAREWELL, /* it is refused, and its far end is told why */
    GONE      /* it goes once nobody looks at it any more */
};

struct greeting {
    struct line *line;
    struct origin *origin; /* referenced */
    struct job destroy;
    unsigned char stage; /* enum stage */
    struct greeting *prev, *next;
    CAST_MARK;
};

/* The line, if any, goes too. */
static void destroy(struct greeting *greeting, struct switchboard *board)
{
    DL_DELETE(board->greetings, greeting);
    board->greeting_count -= greeting->stage != GONE;
    jobs_forget(&greeting->destroy);
    origin_release(greeting->origin);
    if (greeting->line)
        line_destroy(&greeting->line->link);
    free(greeting);
}

static void destroy_cb(struct job *job)
{
    struct greeting *greeting = container_of(job, struct greeting, destroy);
    struct switchboard *board = line_board(greeting->line);
    destroy(greeting, board);
    line_listeners_make_room(board);
}

static void give_up(struct greeting *greeting)
{
    struct switchboard *board = line_board(greeting->line);
    if (greeting->stage == GONE)
        return;
    greeting->stage = GONE;
    board->greeting_count--;
    loop_defer(board->loop, &greeting->destroy);
}

/* Said once. */
static void refuse(struct greeting *greeting, enum refusal why)
{
    const struct line *line = greeting->line;
    if (greeting->stage != WAITS)
        return;
    greeting->stage = FAREWELL;
    line_refuse(line_board(line), greeting->origin, &line->remote, why);
}

static void turn_away(struct greeting *greeting, enum refusal why)
{
    refuse(greeting, why);
    give_up(greeting);
}

/* --- the stream's user, until the line is a peer --- */

static struct greeting *greeting_of(const struct stream *stream)
{
    struct greeting *greeting = line_of_stream(stream)->greeting;
    return CAST(greeting, greeting);
}

static void opened(struct stream *stream)
{
    struct greeting *greeting = greeting_of(stream);
    struct line *line = greeting->line;
    struct switchboard *board = line_board(line);
    enum refusal why;
    if (greeting->stage != WAITS)
        return;
    if (!greeting->origin->listener->open) { /* any more, which nobody is told of either */
        give_up(greeting);
        return;
    }
    if (!limits_admit(&board->hub->limits, &line->remote, &why)) {
        turn_away(greeting, why);
        return;
    }
    struct origin *origin = origin_reference(greeting->origin);
    greeting->line = NULL;
    destroy(greeting, board);
    line_become_peer(line, origin);
    origin_release(origin);
}

/* Of one that was turned away. */
static void message(struct stream *stream, const struct framing_piece *piece)
{
    (void)stream, (void)piece;
}

static void failed(struct stream *stream, const char *error)
{
    (void)error;
    refuse(greeting_of(stream), REFUSED_PROXY);
}

static void over(struct stream *stream, enum stream_how how, const char *error)
{
    (void)how;
    (void)error;
    turn_away(greeting_of(stream), REFUSED_PROXY);
}

/* --- life --- */

static void turn_oldest_away(struct switchboard *board)
{
    struct greeting *greeting = board->greetings;
    while (greeting && greeting->stage == GONE)
        greeting = greeting->next;
    if (greeting)
        turn_away(greeting, REFUSED_LIMIT);
}

void greetings_heed_memory(struct switchboard *board)
{
    struct greeting *greeting;
    DL_FOREACH(board->greetings, greeting)
        if (stream_held(&greeting->line->stream) > 0)
            turn_away(greeting, REFUSED_LIMIT);
}

static struct greeting *create(struct switchboard *board, struct origin *origin)
{
    struct greeting *greeting = mem_zalloc(sizeof *greeting);
    CAST_INIT(greeting, greeting);
    greeting->origin = origin_reference(origin);
    greeting->destroy = (struct job){.run = destroy_cb, .part = PART_PEERS};
    DL_APPEND(board->greetings, greeting);
    board->greeting_count++;
    return greeting;
}

void greeting_begin(struct switchboard *board, const struct line_kind *kind,
                    struct origin *origin, int fd, const union address *remote)
{
    static const struct stream_user user = {
        .opened = opened, .message = message, .failed = failed, .over = over};
    if (board->greeting_count >= GREETINGS_MOST)
        turn_oldest_away(board);
    struct greeting *greeting = create(board, origin);
    struct line *line = line_create(board, kind, origin);
    greeting->line = line;
    line->greeting = greeting;
    line->stream.user = &user;
    line->remote = *remote;
    lane_proxy_add(&line->stream, &line->remote);
    stream_open_by(&line->stream, hub_now(board->hub) + PATIENCE);
    stream_open(&line->stream, fd, kind->socket | STREAM_ACCEPTED);
}

void greetings_finish(struct switchboard *board)
{
    while (board->greetings)
        destroy(board->greetings, board);
}
