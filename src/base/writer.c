/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * A pipe or terminal opened anew is a description of our own: O_NONBLOCK on it leaves the
 * shell's alone (open(2), proc(5) on /proc/self/fd).
 */
static int reopen(int fd)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

void writer_open(struct writer *writer, int fd)
{
    struct stat status;
    mode_t mode = fstat(fd, &status) == 0 ? status.st_mode : 0;
    *writer = (struct writer){.fd = fd, .kind = WRITER_DEVICE};
    if (S_ISSOCK(mode)) {
        writer->kind = WRITER_SOCKET;
    } else if (S_ISREG(mode) || S_ISBLK(mode)) {
        writer->kind = WRITER_FILE;
    } else if (S_ISFIFO(mode) || isatty(fd)) {
        int own = reopen(fd);
        writer->kind = own >= 0 ? WRITER_OWN : WRITER_SHARED;
        writer->fd = own >= 0 ? own : fd;
    }
}

void writer_close(struct writer *writer)
{
    if (writer->kind == WRITER_OWN)
        close(writer->fd);
}

/* So much a pipe that is writable takes without waiting: pipe(7). */
static ssize_t put_shared(const struct writer *writer, const struct iovec *part)
{
    struct pollfd poller = {.fd = writer->fd, .events = POLLOUT};
    if (poll(&poller, 1, 0) == 0) {
        errno = EAGAIN;
        return -1;
    }
    return write(writer->fd, part->iov_base,
                 part->iov_len < PIPE_BUF ? part->iov_len : PIPE_BUF);
}

ssize_t writer_put(const struct writer *writer, const struct iovec *parts, int count)
{
    ssize_t put;
    struct msghdr message = {.msg_iov = (struct iovec *)parts, .msg_iovlen = (size_t)count};
    if (writer->kind == WRITER_SOCKET)
        put = sendmsg(writer->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    else if (writer->kind == WRITER_SHARED)
        put = put_shared(writer, parts);
    else
        put = writev(writer->fd, parts, count);
    return put < 0 && errno == EINTR ? 0 : put;
}

bool writer_is_pollable(const struct writer *writer)
{
    return writer->kind != WRITER_FILE && writer->kind != WRITER_DEVICE;
}
