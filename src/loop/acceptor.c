/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/acceptor.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/address.h"
#include "base/cast.h"
#include "base/mem.h"
#include "loop/timeout.h"
#include "loop/watch.h"

enum {
    BACKLOG = 4096, /* the default overflows under a rush of connects */
    ACCEPTS_A_TURN = 64,
    REST = 100000, /* microseconds */
};

struct acceptor {
    const struct acceptor_ops *ops;
    CAST_MARK;
    void *context;
    struct timeout *rest;
    size_t count;
    struct acceptor_socket {
        struct acceptor *acceptor;
        CAST_MARK;
        struct watch *ready;
    } sockets[];
};

void acceptor_pause(struct acceptor *acceptor)
{
    timeout_stop(acceptor->rest);
    for (size_t i = 0; i < acceptor->count; i++)
        watch_stop(acceptor->sockets[i].ready);
}

void acceptor_rest(struct acceptor *acceptor)
{
    acceptor_pause(acceptor);
    timeout_set(acceptor->rest, REST);
}

void acceptor_resume(struct acceptor *acceptor)
{
    timeout_stop(acceptor->rest);
    for (size_t i = 0; i < acceptor->count; i++)
        watch_start(acceptor->sockets[i].ready);
}

static void rested_cb(void *context)
{
    struct acceptor *acceptor = CAST(acceptor, context);
    if (acceptor->ops->rested)
        acceptor->ops->rested(acceptor->context);
    else
        acceptor_resume(acceptor);
}

/* --- accepting --- */

static bool is_shortage(int cause)
{
    return cause == EMFILE || cause == ENFILE || cause == ENOBUFS || cause == ENOMEM;
}

/* Returns 0 or an errno. */
static int accept_one(const struct acceptor *acceptor, int listening)
{
    union address remote = {.any = {.sa_family = AF_UNSPEC}};
    socklen_t length = sizeof remote;
    int fd = accept4(listening, &remote.any, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
        return errno;
    acceptor->ops->take(acceptor->context, fd, &remote);
    return 0;
}

/* A socket that cannot accept would be ready for ever. */
static void starve(struct acceptor *acceptor, int cause)
{
    acceptor_rest(acceptor);
    if (acceptor->ops->starved)
        acceptor->ops->starved(acceptor->context, cause);
}

static void accept_cb(void *context)
{
    const struct acceptor_socket *socket = CAST(acceptor_socket, context);
    struct acceptor *acceptor = socket->acceptor;
    const struct acceptor_ops *ops = acceptor->ops;
    for (int i = 0; i < ACCEPTS_A_TURN; i++) {
        if (ops->has_room && !ops->has_room(acceptor->context))
            return;
        int cause = accept_one(acceptor, watch_fd(socket->ready));
        if (is_shortage(cause))
            starve(acceptor, cause);
        if (cause == EAGAIN && ops->all_taken)
            ops->all_taken(acceptor->context);
        if (cause != 0 && cause != ECONNABORTED && cause != EINTR)
            return;
    }
}

/* --- life --- */

int acceptor_fd(const struct acceptor *acceptor, size_t index)
{
    return index < acceptor->count ? watch_fd(acceptor->sockets[index].ready) : -1;
}

static bool listen_all(const struct acceptor *acceptor)
{
    for (size_t i = 0; i < acceptor->count; i++)
        if (listen(acceptor_fd(acceptor, i), BACKLOG) < 0)
            return false;
    return true;
}

struct acceptor *acceptor_create(struct loop *loop, const int *fds, size_t count,
                                 const struct acceptor_ops *ops, void *context)
{
    struct acceptor *acceptor =
        mem_zalloc(sizeof *acceptor + count * sizeof *acceptor->sockets);
    *acceptor = (struct acceptor){.ops = ops, .context = context, .count = count};
    CAST_INIT(acceptor, acceptor);
    acceptor->rest = timeout_create(loop, LOOP_PEERS, PART_PEERS, rested_cb, acceptor);
    for (size_t i = 0; i < count; i++) {
        struct acceptor_socket *socket = &acceptor->sockets[i];
        CAST_INIT(acceptor_socket, socket);
        socket->acceptor = acceptor;
        socket->ready =
            watch_create(loop, fds[i], WATCH_READ, LOOP_PEERS, PART_PEERS, accept_cb, socket);
    }
    if (listen_all(acceptor))
        return acceptor;
    const int cause = errno;
    acceptor_destroy(acceptor);
    errno = cause;
    return NULL;
}

void acceptor_destroy(struct acceptor *acceptor)
{
    if (!acceptor)
        return;
    for (size_t i = 0; i < acceptor->count; i++) {
        const int fd = acceptor_fd(acceptor, i);
        watch_destroy(acceptor->sockets[i].ready);
        close(fd);
    }
    timeout_destroy(acceptor->rest);
    free(acceptor);
}
