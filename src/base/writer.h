/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes to a descriptor that other processes share, without waiting for its reader and without
 * changing their description of it: pipes and terminals are opened anew, sockets written with
 * MSG_DONTWAIT.
 */
#ifndef TELEX_BASE_WRITER_H
#define TELEX_BASE_WRITER_H

#include <stdbool.h>
#include <sys/types.h>
#include <sys/uio.h>

enum writer_kind {
    WRITER_OWN,    /* a pipe or terminal opened anew, not blocking */
    WRITER_SHARED, /* one that could not be: small pieces, only when writable */
    WRITER_SOCKET,
    WRITER_FILE,   /* a regular one: its disk may be slow, or full; epoll refuses it */
    WRITER_DEVICE, /* /dev/null and its like: written at once; epoll refuses it */
};

struct writer {
    int fd;
    enum writer_kind kind;
};

/* fd stays the caller's, and open until writer_close. */
void writer_open(struct writer *writer, int fd);
void writer_close(struct writer *writer);
/*
 * One system call. Returns how many bytes were taken, 0 for EINTR, or -1 and errno, which is
 * EAGAIN where the reader takes no more for now.
 */
ssize_t writer_put(const struct writer *writer, const struct iovec *parts, int count);
/* Whether the loop can wait for room. */
bool writer_is_pollable(const struct writer *writer);

#endif
