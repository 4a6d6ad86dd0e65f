/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/acceptor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/address.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/hub.h"
#include "loop/timeout.h"
#include "loop/watch.h"
#include "transport/transport.h"

enum {
    BACKLOG = 4096, /* the default overflows under a rush of connects */
    ACCEPTS_A_TURN = 64
};
/* How long accepting rests when there are no descriptors left. */
enum { REST = 100000 /* microseconds */ };

struct acceptor {
    struct binding binding;
    struct switchboard *board;
    struct listener *listener;
    const struct acceptor_ops *ops;
    void *context;
    struct timeout *resume;
    struct acceptor *prev, *next;
    size_t count;
    struct acceptor_socket {
        struct acceptor *acceptor;
        struct watch *ready;
    } sockets[];
};

static bool out_of_descriptors(int cause)
{
    return cause == EMFILE || cause == ENFILE || cause == ENOBUFS || cause == ENOMEM;
}

/* --- pausing --- */

static void say_pause(struct switchboard *board, const char *why)
{
    if (!board->pause_said)
        log_error("cannot accept more connections: %s; new ones wait until others end", why);
    board->pause_said = true;
}

/*
 * Peers that only listen on make room first, one with nothing queued before others: it dies,
 * and accepting is resumed, within this turn. Those that end their side later make room then.
 */
static void close_half_closed(struct hub *hub)
{
    struct peer *chosen = NULL;
    for (struct peer *peer = hub_next(hub, NULL); peer; peer = hub_next(hub, peer)) {
        if (peer->state != PEER_HALF_CLOSED || peer->transfer)
            continue;
        chosen = peer;
        if (peer_queued(peer) == 0)
            break;
    }
    if (chosen)
        hub_close(hub, chosen, CLOSE_EOF);
}

static void pause_accepting(struct switchboard *board)
{
    struct acceptor *acceptor;
    board->accepting_paused = true;
    DL_FOREACH(board->acceptors, acceptor)
        for (size_t i = 0; i < acceptor->count; i++)
            watch_stop(acceptor->sockets[i].ready);
}

/* Unless there is another reason to rest. */
static void resume_accepting(struct switchboard *board)
{
    struct acceptor *acceptor;
    if (board->hub->budget.over)
        return;
    board->accepting_paused = false;
    DL_FOREACH(board->acceptors, acceptor)
        for (size_t i = 0; i < acceptor->count; i++)
            watch_start(acceptor->sockets[i].ready);
}

void acceptors_heed_memory(void *context)
{
    struct switchboard *board = context;
    if (board->hub->budget.over && !board->accepting_paused) {
        say_pause(board, "memory is short");
        pause_accepting(board);
    } else if (!board->hub->budget.over && board->accepting_paused) {
        resume_accepting(board);
    }
}

void acceptor_stream_gone(struct switchboard *board)
{
    uint64_t streams = board->hub->limits.streams;
    if (board->accepting_paused && streams < board->stream_room)
        resume_accepting(board);
}

/* Nobody waits any more. The shortage is over once there is some room too, lest every peer that
 * comes and goes at the limit be told of. */
static void note_all_accepted(struct switchboard *board)
{
    if (board->hub->limits.streams < board->stream_room - board->stream_room / 8)
        board->pause_said = false;
}

static void resume_cb(void *context)
{
    struct acceptor *acceptor = context;
    if (acceptor->board->accepting_paused)
        resume_accepting(acceptor->board);
}

/* --- accepting --- */

/* Returns 0 or an errno. */
static int accept_one(struct acceptor *acceptor, evutil_socket_t fd)
{
    union address remote = {.any = {.sa_family = AF_UNSPEC}};
    socklen_t length = sizeof remote;
    evutil_socket_t peer = accept4(fd, &remote.any, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (peer < 0)
        return errno;
    acceptor->ops->take(acceptor->board, acceptor->listener, peer, &remote);
    return 0;
}

static void accept_cb(void *context)
{
    const struct acceptor_socket *socket = context;
    struct acceptor *acceptor = socket->acceptor;
    struct switchboard *board = acceptor->board;
    for (int i = 0; i < ACCEPTS_A_TURN; i++) {
        if (board->hub->limits.streams >= board->stream_room) {
            say_pause(board, strerror(EMFILE));
            pause_accepting(board);
            close_half_closed(board->hub);
            return;
        }
        int cause = accept_one(acceptor, watch_fd(socket->ready));
        if (out_of_descriptors(cause)) {
            say_pause(board, strerror(cause));
            pause_accepting(board);
            close_half_closed(board->hub);
            timeout_set(acceptor->resume, REST); /* nobody tells when others free theirs */
        }
        if (cause == EAGAIN)
            note_all_accepted(board);
        if (cause != 0 && cause != ECONNABORTED && cause != EINTR)
            return;
    }
}

static void destroy(struct binding *binding)
{
    struct acceptor *acceptor = (struct acceptor *)binding;
    struct switchboard *board = acceptor->board;
    for (size_t i = 0; i < acceptor->count; i++) {
        evutil_socket_t fd = watch_fd(acceptor->sockets[i].ready);
        watch_destroy(acceptor->sockets[i].ready);
        close(fd);
    }
    timeout_destroy(acceptor->resume);
    DL_DELETE(board->acceptors, acceptor);
    if (board->accepting_paused) /* its timer may have been what would end the pause */
        resume_accepting(board);
    if (acceptor->ops->closed)
        acceptor->ops->closed(acceptor->listener, acceptor->context);
    free(acceptor);
}

static void prepare(struct acceptor *acceptor)
{
    for (size_t i = 0; acceptor->ops->prepare && i < acceptor->count; i++)
        acceptor->ops->prepare(acceptor->board, watch_fd(acceptor->sockets[i].ready));
}

void acceptors_renew(struct switchboard *board)
{
    struct acceptor *acceptor;
    DL_FOREACH(board->acceptors, acceptor)
        prepare(acceptor);
}

static void watch_all(struct acceptor *acceptor, const evutil_socket_t *fds)
{
    for (size_t i = 0; i < acceptor->count; i++) {
        struct acceptor_socket *socket = &acceptor->sockets[i];
        socket->acceptor = acceptor;
        socket->ready = watch_create(acceptor->board->loop, fds[i], WATCH_READ, LOOP_PEERS,
                                     PART_PEERS, accept_cb, socket);
    }
}

bool acceptor_create(struct switchboard *board, struct listener *listener,
                     const evutil_socket_t *fds, size_t count, const struct acceptor_ops *ops,
                     void *context, char **error)
{
    static const struct binding_ops binding_ops = {.destroy = destroy};
    struct acceptor *acceptor =
        mem_zalloc(sizeof *acceptor + count * sizeof *acceptor->sockets);
    *acceptor = (struct acceptor){.binding.ops = &binding_ops,
                                  .board = board,
                                  .listener = listener,
                                  .ops = ops,
                                  .context = context,
                                  .count = count};
    acceptor->resume = timeout_create(board->loop, LOOP_PEERS, PART_PEERS, resume_cb, acceptor);
    DL_APPEND(board->acceptors, acceptor);
    watch_all(acceptor, fds);
    prepare(acceptor);
    for (size_t i = 0; i < count; i++) {
        if (listen(fds[i], BACKLOG) < 0) {
            *error = mem_strdup(strerror(errno));
            destroy(&acceptor->binding);
            return false;
        }
        watch_start(acceptor->sockets[i].ready);
    }
    listener->binding = &acceptor->binding;
    return true;
}
