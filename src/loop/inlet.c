/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/inlet.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/mem.h"
#include "loop/timeout.h"
#include "loop/watch.h"

enum {
    INLET_PIECE = 16 << 10,
    INLET_FILE_PIECE = 4 << 10, /* a file is always ready */
    INLET_RETRY = 500000,       /* microseconds until a job in the background looks again */
};

struct inlet {
    struct inlet_callbacks callbacks;
    CAST_MARK;
    void *context;
    int fd;
    bool terminal;
    bool socket;
    bool held;
    bool ended;
    int error;              /* the errno that ended it, or 0 */
    bool *destroyed;        /* set where a callback destroys the inlet */
    struct watch *read;     /* readable; NULL where epoll refuses the descriptor */
    struct timeout *resume; /* the next piece, once peers had their turn */
    struct timeout *retry;  /* a terminal that is not ours now */
};

/* Regular files and devices like /dev/null cannot be waited for: epoll_ctl(2), EPERM. */
static bool inlet_pollable(int fd)
{
    struct epoll_event event = {.events = EPOLLIN};
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    bool pollable = epoll >= 0 && epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0;
    if (epoll >= 0)
        close(epoll);
    return pollable;
}

static bool in_background(const struct inlet *inlet)
{
    pid_t group = inlet->terminal ? tcgetpgrp(inlet->fd) : -1;
    return group > 0 && group != getpgrp();
}

/* Lets the peers have a turn first: the next time round, on their level. */
static void yield(struct inlet *inlet)
{
    if (!inlet->held && !inlet->ended)
        timeout_set(inlet->resume, 0);
}

/* Waits for the next piece. */
static void inlet_wait(struct inlet *inlet)
{
    if (inlet->held || inlet->ended)
        return;
    if (in_background(inlet))
        timeout_set(inlet->retry, INLET_RETRY);
    else if (inlet->read)
        watch_start(inlet->read);
    else
        yield(inlet);
}

static void stop(struct inlet *inlet)
{
    if (inlet->read)
        watch_stop(inlet->read);
    timeout_stop(inlet->resume);
    timeout_stop(inlet->retry);
}

/* Never blocks, even where another process has taken what was there. */
static ssize_t inlet_read(const struct inlet *inlet, void *data, size_t size)
{
    if (inlet->socket)
        return recv(inlet->fd, data, size, MSG_DONTWAIT);
    struct iovec piece = {.iov_base = data, .iov_len = size};
    ssize_t got = preadv2(inlet->fd, &piece, 1, -1, RWF_NOWAIT);
    if (got >= 0 || (errno != EOPNOTSUPP && errno != EINVAL && errno != ENOSYS &&
                     !(errno == EAGAIN && !inlet->read)))
        return got;
    return read(inlet->fd, data, size);
}

static void end(struct inlet *inlet, int error)
{
    inlet->ended = true;
    inlet->error = error;
    stop(inlet);
    inlet->callbacks.end(inlet->context);
}

/* One piece: returns false where that was the end, or the inlet is gone. */
static bool inlet_piece(struct inlet *inlet)
{
    char data[INLET_PIECE];
    bool destroyed = false;
    inlet->destroyed = &destroyed;
    if (inlet->callbacks.ready) {
        inlet->callbacks.ready(inlet->context);
    } else {
        ssize_t got = inlet_read(inlet, data, inlet->read ? sizeof data : INLET_FILE_PIECE);
        int error = got < 0 ? errno : 0;
        bool later =
            error == EAGAIN || error == EINTR || (error == EIO && in_background(inlet));
        if (got > 0)
            inlet->callbacks.data(inlet->context, data, (size_t)got);
        else if (!later)
            end(inlet, error);
    }
    if (destroyed)
        return false;
    inlet->destroyed = NULL;
    return !inlet->ended;
}

/*
 * The read event has the operator's priority, before that of the peers; were it to stay on,
 * input that never ends would keep peers from any turn. So the next wait begins on their level.
 */
static void read_cb(void *context)
{
    struct inlet *inlet = CAST(inlet, context);
    watch_stop(inlet->read);
    if (!in_background(inlet) && !inlet_piece(inlet))
        return;
    yield(inlet);
}

static void resume_cb(void *context)
{
    struct inlet *inlet = CAST(inlet, context);
    if (inlet->read || inlet_piece(inlet))
        inlet_wait(inlet);
}

static void retry_cb(void *context)
{
    inlet_wait(CAST(inlet, context));
}

struct inlet *inlet_create(struct loop *loop, int fd, const struct inlet_callbacks *callbacks,
                           void *context)
{
    struct stat status;
    struct inlet *inlet = mem_zalloc(sizeof *inlet);
    CAST_INIT(inlet, inlet);
    inlet->callbacks = *callbacks;
    inlet->context = context;
    inlet->fd = fd;
    inlet->terminal = isatty(fd);
    inlet->socket = fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode);
    if (inlet->terminal)
        signal(SIGTTIN, SIG_IGN);
    /* Asking costs a descriptor; where there is none left, a socket must not be busy-read. */
    if (inlet->socket || inlet_pollable(fd))
        inlet->read =
            watch_create(loop, fd, WATCH_READ, LOOP_OPERATOR, PART_CONSOLE, read_cb, inlet);
    inlet->resume = timeout_create(loop, LOOP_PEERS, PART_PEERS, resume_cb, inlet);
    inlet->retry = timeout_create(loop, LOOP_OPERATOR, PART_CONSOLE, retry_cb, inlet);
    inlet_wait(inlet);
    return inlet;
}

void inlet_destroy(struct inlet *inlet)
{
    if (!inlet)
        return;
    if (inlet->destroyed)
        *inlet->destroyed = true;
    if (inlet->read)
        watch_destroy(inlet->read);
    timeout_destroy(inlet->resume);
    timeout_destroy(inlet->retry);
    free(inlet);
}

int inlet_error(const struct inlet *inlet)
{
    return inlet->error;
}

uint64_t inlet_unread(const struct inlet *inlet)
{
    struct stat status;
    int waiting = 0;
    if (inlet->ended || fstat(inlet->fd, &status) < 0)
        return 0;
    if (S_ISREG(status.st_mode)) {
        off_t left = status.st_size - lseek(inlet->fd, 0, SEEK_CUR);
        return left > 0 ? (uint64_t)left : 0;
    }
    return ioctl(inlet->fd, FIONREAD, &waiting) == 0 && waiting > 0 ? (uint64_t)waiting : 0;
}

void inlet_hold(struct inlet *inlet, bool on)
{
    if (inlet->held == on)
        return;
    inlet->held = on;
    if (on)
        stop(inlet);
    else
        yield(inlet);
}
