/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/line_listener.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/ut.h"
#include "core/hub.h"
#include "loop/acceptor.h"
#include "transport/greeting.h"
#include "transport/transport.h"

struct line_listener {
    struct binding binding; /* first: the listener has it */
    CAST_MARK;
    struct switchboard *board;
    struct listener *listener;
    const struct line_listener_ops *ops;
    void *context;
    struct acceptor *acceptor;
    struct line_listener *prev, *next;
};

/* Accepted streams: those that the limits count, and those of which a header is awaited; and
 * what takes of the same descriptors: their far ends, and the stderr of programs. */
static uint64_t streams_of(const struct switchboard *board)
{
    return board->hub->limits.streams + board->stranger_count + board->far_ends +
           board->children.count + board->programs_awaited;
}

/* --- pausing --- */

/* That memory is short is not said again for so long: microseconds. */
enum { SHORTAGE_SILENCE = 60000000 };

static void say_pause(struct switchboard *board, const char *why)
{
    if (!board->pause_said)
        log_error("cannot accept more connections: %s; new ones wait until others end", why);
    board->pause_said = true;
}

/* One shortage of memory may follow the other within the second. */
static void say_shortage(struct switchboard *board)
{
    const int64_t now = hub_now(board->hub);
    if (board->pause_said)
        return;
    board->shortages++;
    if (now < board->shortage_next) {
        board->pause_said = true;
        return;
    }
    char *times = mem_printf(", %" PRIu64 " times since that was said", board->shortages);
    char *why = mem_printf("memory is short%s", board->shortages > 1 ? times : "");
    say_pause(board, why);
    free(times);
    free(why);
    board->shortages = 0;
    board->shortage_next = now + SHORTAGE_SILENCE;
}

/*
 * Peers that only listen on make room first, one with nothing queued before others: it dies,
 * and accepting is resumed, within this turn. Those that end their side later make room then.
 */
static void close_half_closed(struct hub *hub)
{
    struct peer *chosen = NULL;
    for (struct peer *peer = hub_next(hub, NULL); peer; peer = hub_next(hub, peer)) {
        if (peer->state != PEER_HALF_CLOSED || peer->joined || feed_is_alone(peer))
            continue;
        chosen = peer;
        if (peer_queued(peer) == 0)
            break;
    }
    if (chosen)
        hub_close(hub, chosen, CLOSE_EOF);
}

/* All but one that rests, perhaps. */
static void pause_accepting(struct switchboard *board, const struct line_listener *resting)
{
    struct line_listener *self;
    board->accepting_paused = true;
    DL_FOREACH(board->line_listeners, self)
        if (self != resting)
            acceptor_pause(self->acceptor);
}

/* Unless there is another reason to rest. */
static void resume_accepting(struct switchboard *board)
{
    struct line_listener *self;
    if (board->hub->budget.over)
        return;
    board->accepting_paused = false;
    DL_FOREACH(board->line_listeners, self)
        acceptor_resume(self->acceptor);
}

void line_listeners_heed_memory(void *context)
{
    struct switchboard *board = CAST(switchboard, context);
    if (board->hub->budget.over) {
        say_shortage(board);
        pause_accepting(board, NULL);
        greetings_heed_memory(board);
    } else if (!board->hub->budget.over && board->accepting_paused) {
        resume_accepting(board);
    }
}

void line_listeners_make_room(struct switchboard *board)
{
    if (board->accepting_paused && streams_of(board) < board->stream_room)
        resume_accepting(board);
}

/* --- accepting --- */

static bool has_room(void *context)
{
    const struct line_listener *self = CAST(line_listener, context);
    struct switchboard *board = self->board;
    if (streams_of(board) < board->stream_room)
        return true;
    say_pause(board, strerror(EMFILE));
    pause_accepting(board, NULL);
    close_half_closed(board->hub);
    return false;
}

static void take(void *context, int fd, const union address *remote)
{
    const struct line_listener *self = CAST(line_listener, context);
    self->ops->take(self->board, self->listener, fd, remote);
}

/* Nobody tells when others free their descriptors. */
static void starved(void *context, int cause)
{
    const struct line_listener *self = CAST(line_listener, context);
    say_pause(self->board, strerror(cause));
    pause_accepting(self->board, self);
    close_half_closed(self->board->hub);
}

static void rested(void *context)
{
    const struct line_listener *self = CAST(line_listener, context);
    resume_accepting(self->board);
}

/* The shortage is over once there is some room too, lest every peer that comes and goes at the
 * limit be told of. */
static void all_taken(void *context)
{
    const struct line_listener *self = CAST(line_listener, context);
    struct switchboard *board = self->board;
    if (streams_of(board) < board->stream_room - board->stream_room / 8)
        board->pause_said = false;
}

/* --- life --- */

static void free_self(struct line_listener *self)
{
    if (self->ops->closed)
        self->ops->closed(self->listener, self->context);
    free(self);
}

static void destroy(struct binding *binding)
{
    struct line_listener *self = CAST(line_listener, binding);
    struct switchboard *board = self->board;
    acceptor_destroy(self->acceptor);
    DL_DELETE(board->line_listeners, self);
    if (board->accepting_paused) /* its rest may have been what would end the pause */
        resume_accepting(board);
    free_self(self);
}

static void prepare(const struct line_listener *self, const int *fds, size_t count)
{
    for (size_t i = 0; self->ops->prepare && i < count; i++)
        self->ops->prepare(self->board, fds[i]);
}

void line_listeners_renew(struct switchboard *board)
{
    const struct line_listener *self;
    DL_FOREACH(board->line_listeners, self)
        for (size_t i = 0; acceptor_fd(self->acceptor, i) >= 0; i++)
            prepare(self, &(int){acceptor_fd(self->acceptor, i)}, 1);
}

bool line_listener_create(struct switchboard *board, struct listener *listener, const int *fds,
                          size_t count, const struct line_listener_ops *ops, void *context,
                          char **error)
{
    static const struct binding_ops binding_ops = {.destroy = destroy};
    static const struct acceptor_ops acceptor_ops = {.take = take,
                                                     .has_room = has_room,
                                                     .starved = starved,
                                                     .rested = rested,
                                                     .all_taken = all_taken};
    struct line_listener *self = mem_zalloc(sizeof *self);
    CAST_INIT(line_listener, self);
    self->binding.ops = &binding_ops;
    self->board = board;
    self->listener = listener;
    self->ops = ops;
    self->context = context;
    prepare(self, fds, count);
    self->acceptor = acceptor_create(board->loop, fds, count, &acceptor_ops, self);
    if (!self->acceptor) {
        *error = mem_strdup(strerror(errno));
        free_self(self);
        return false;
    }
    DL_APPEND(board->line_listeners, self);
    acceptor_resume(self->acceptor);
    listener->binding = &self->binding;
    return true;
}
