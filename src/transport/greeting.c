/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/greeting.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/jobs.h"
#include "base/mem.h"
#include "base/ut.h"
#include "core/hub.h"
#include "loop/loop.h"
#include "stream/lane_proxy.h"
#include "transport/line.h"
#include "transport/line_listener.h"
#include "transport/transport.h"

/*
 * Where more are under way the oldest goes: of those whose client is not known yet, and counts
 * in no limit, and of all. A burst of callers finds room, and none of them has cost much who
 * has said nothing.
 */
enum { STRANGERS_MOST = 1024, GREETINGS_MOST = 8192 };

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
    bool admitted;       /* the client is known, and counts in the limits */
    struct greeting *prev, *next;
    CAST_MARK;
};

/* It is under way no more. */
static void count(const struct greeting *greeting, struct switchboard *board)
{
    if (greeting->stage == GONE)
        return;
    board->greeting_count--;
    board->stranger_count -= !greeting->admitted;
}

/* The line, if any, goes too. */
static void destroy(struct greeting *greeting, struct switchboard *board)
{
    DL_DELETE(board->greetings, greeting);
    count(greeting, board);
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
    count(greeting, board);
    greeting->stage = GONE;
    loop_defer(board->loop, &greeting->destroy);
}

/* Said once. */
static void refuse(struct greeting *greeting, enum refusal why, const char *error)
{
    const struct line *line = greeting->line;
    if (greeting->stage != WAITS)
        return;
    greeting->stage = FAREWELL;
    line_refuse(line_board(line), greeting->origin, &line->remote, why, error);
}

static void turn_away(struct greeting *greeting, enum refusal why)
{
    refuse(greeting, why, NULL);
    give_up(greeting);
}

/* --- the stream's user, until the line is a peer --- */

static struct greeting *greeting_of(const struct stream *stream)
{
    struct greeting *greeting = line_of_stream(stream)->greeting;
    return CAST(greeting, greeting);
}

/* A listener that is closed lets nobody in, and nobody is told of that. */
static bool is_expected(struct greeting *greeting)
{
    if (greeting->stage == WAITS && !greeting->origin->listener->open)
        give_up(greeting);
    return greeting->stage == WAITS;
}

static bool admit(struct stream *stream)
{
    struct greeting *greeting = greeting_of(stream);
    struct line *line = greeting->line;
    struct switchboard *board = line_board(line);
    enum refusal why;
    if (!is_expected(greeting))
        return false;
    if (!limits_admit(&board->hub->limits, &line->remote, &why)) {
        turn_away(greeting, why);
        return false;
    }
    greeting->admitted = line->admitted = true;
    board->stranger_count--;
    return true;
}

static void opened(struct stream *stream)
{
    struct greeting *greeting = greeting_of(stream);
    struct line *line = greeting->line;
    struct switchboard *board = line_board(line);
    if (!is_expected(greeting))
        return;
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
    struct greeting *greeting = greeting_of(stream);
    if (greeting->admitted)
        refuse(greeting, REFUSED_HANDSHAKE, error);
    else
        refuse(greeting, REFUSED_PROXY, NULL);
}

static void over(struct stream *stream, enum stream_how how, const char *error)
{
    (void)how;
    failed(stream, error);
    give_up(greeting_of(stream));
}

/* --- life --- */

static void turn_oldest_away(struct switchboard *board, bool admitted)
{
    struct greeting *greeting = board->greetings;
    while (greeting && (greeting->stage == GONE || greeting->admitted != admitted))
        greeting = greeting->next;
    if (greeting)
        turn_away(greeting, REFUSED_LIMIT);
}

void greetings_heed_memory(struct switchboard *board)
{
    struct greeting *greeting;
    DL_FOREACH(board->greetings, greeting)
        if (stream_taken(&greeting->line->stream) > 0)
            turn_away(greeting, REFUSED_LIMIT);
}

static struct greeting *create(struct switchboard *board, const struct line_kind *kind,
                               struct origin *origin, bool admitted)
{
    static const struct stream_user user = {
        .opened = opened, .message = message, .failed = failed, .over = over};
    struct greeting *greeting = mem_zalloc(sizeof *greeting);
    CAST_INIT(greeting, greeting);
    greeting->origin = origin_reference(origin);
    greeting->destroy = (struct job){.run = destroy_cb, .part = PART_PEERS};
    greeting->admitted = admitted;
    greeting->line = line_create(board, kind, origin);
    greeting->line->greeting = greeting;
    greeting->line->admitted = admitted;
    greeting->line->stream.user = &user;
    DL_APPEND(board->greetings, greeting);
    board->greeting_count++;
    board->stranger_count += !admitted;
    return greeting;
}

/* Returns how long they may take, in microseconds; 0: for ever. */
static int64_t add_lanes(struct line *line, const struct line_kind *kind, struct origin *origin,
                         bool proxied)
{
    if (proxied)
        lane_proxy_add(&line->stream, &line->remote, admit);
    return kind->add_lanes ? kind->add_lanes(&line->stream, origin) : GREETING_PATIENCE;
}

void greeting_begin(struct switchboard *board, const struct line_kind *kind,
                    struct origin *origin, int fd, const union address *remote, bool proxied)
{
    enum refusal why;
    if (!proxied && !limits_admit(&board->hub->limits, remote, &why)) {
        close(fd);
        line_refuse(board, origin, remote, why, NULL);
        return;
    }
    if (board->greeting_count >= GREETINGS_MOST)
        turn_oldest_away(board, true);
    if (board->stranger_count >= STRANGERS_MOST)
        turn_oldest_away(board, false);
    struct line *line = create(board, kind, origin, !proxied)->line;
    line->remote = *remote;
    const int64_t patience = add_lanes(line, kind, origin, proxied);
    if (patience > 0)
        stream_open_by(&line->stream, hub_now(board->hub) + patience);
    stream_open(&line->stream, fd, kind->socket | STREAM_ACCEPTED);
}

void greetings_count(const struct switchboard *board)
{
    const struct greeting *greeting;
    DL_FOREACH(board->greetings, greeting)
        if (greeting->admitted)
            limits_count(&board->hub->limits, &greeting->line->remote);
}

void greetings_finish(struct switchboard *board)
{
    while (board->greetings)
        destroy(board->greetings, board);
}
