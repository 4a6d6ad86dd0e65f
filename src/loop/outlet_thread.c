/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/outlet_thread.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/mem.h"
#include "loop/thread.h"

enum { PIECE = 256 << 10 };

/* The thread's while it writes. */
struct piece {
    struct task task;
    int out; /* a descriptor of its own */
    char *data;
    size_t size, written;
    int error; /* why not all was written; 0: nothing to say */
};

struct outlet_thread {
    struct thread *thread;
    struct piece *piece;
    bool writing;
};

/* In the thread. */
static void write_piece(struct task *task)
{
    struct piece *piece = container_of(task, struct piece, task);
    piece->error = 0;
    while (piece->written < piece->size) {
        ssize_t put =
            write(piece->out, piece->data + piece->written, piece->size - piece->written);
        if (put < 0) {
            piece->error = errno;
            return;
        }
        piece->written += (size_t)put;
    }
}

static void free_piece(struct piece *piece)
{
    close(piece->out);
    free(piece->data);
    free(piece);
}

static void drop_piece(struct task *task)
{
    free_piece(container_of(task, struct piece, task));
}

struct outlet_thread *outlet_thread_create(int fd)
{
    int out = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (out < 0)
        return NULL;
    struct outlet_thread *self = mem_zalloc(sizeof *self);
    self->piece = mem_zalloc(sizeof *self->piece);
    self->piece->task = (struct task){.run = write_piece, .drop = drop_piece, .owed = true};
    self->piece->out = out;
    self->piece->data = mem_alloc(PIECE);
    self->thread = thread_create();
    if (self->thread)
        return self;
    const int cause = errno;
    free_piece(self->piece);
    free(self);
    errno = cause;
    return NULL;
}

void outlet_thread_destroy(struct outlet_thread *self)
{
    if (!self)
        return;
    const bool ours = !self->writing;
    thread_destroy(self->thread);
    if (ours)
        free_piece(self->piece);
    free(self);
}

int outlet_thread_fd(const struct outlet_thread *self)
{
    return thread_fd(self->thread);
}

size_t outlet_thread_backlog(const struct outlet_thread *self)
{
    return self->piece->size;
}

static void hand_over(struct outlet_thread *self)
{
    self->writing = true;
    thread_give(self->thread, &self->piece->task);
}

static size_t fill(struct piece *piece, const struct iovec *parts, int count)
{
    piece->size = piece->written = 0;
    for (int i = 0; i < count && piece->size < PIECE; i++) {
        size_t room = PIECE - piece->size;
        size_t size = parts[i].iov_len < room ? parts[i].iov_len : room;
        memcpy(piece->data + piece->size, parts[i].iov_base, size);
        piece->size += size;
    }
    return piece->size;
}

/* The last piece is not written whole: says why, once, or tries again. */
static ssize_t put_rest(struct outlet_thread *self)
{
    const int error = self->piece->error;
    self->piece->error = 0;
    if (error == 0)
        hand_over(self);
    errno = error ? error : EAGAIN;
    return -1;
}

ssize_t outlet_thread_put(struct outlet_thread *self, const struct iovec *parts, int count)
{
    if (self->writing && !thread_done(self->thread)) {
        errno = EAGAIN;
        return -1;
    }
    self->writing = false;
    if (self->piece->written < self->piece->size)
        return put_rest(self);
    size_t taken = fill(self->piece, parts, count);
    if (taken > 0)
        hand_over(self);
    return (ssize_t)taken;
}
