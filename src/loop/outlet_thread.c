/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/outlet_thread.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "loop/thread.h"

enum { PIECE = 256 << 10 };

struct outlet_thread {
    pthread_t thread;
    int out;
    int fd; /* an event: a piece has come to its end */
    pthread_mutex_t lock;
    pthread_cond_t wake;
    /* Under the lock: */
    bool writing; /* the piece is the thread's */
    bool ended;   /* nobody asks any more */
    /* The piece is its maker's while the thread is not writing. */
    char *piece;
    size_t size, written;
    int error; /* why not all was written; 0: nothing to say */
};

static void free_thread(struct outlet_thread *self)
{
    pthread_cond_destroy(&self->wake);
    pthread_mutex_destroy(&self->lock);
    free(self->piece);
    free(self);
}

/* --- in the thread --- */

static void write_piece(struct outlet_thread *self)
{
    self->error = 0;
    while (self->written < self->size) {
        ssize_t put = write(self->out, self->piece + self->written, self->size - self->written);
        if (put < 0) {
            self->error = errno;
            return;
        }
        self->written += (size_t)put;
    }
}

static void tell(struct outlet_thread *self)
{
    const uint64_t one = 1;
    self->writing = false;
    if (write(self->fd, &one, sizeof one) < 0)
        return; /* cannot be: it is read before the next piece */
}

/* With the lock held. */
static bool next_piece(struct outlet_thread *self)
{
    while (!self->writing && !self->ended)
        pthread_cond_wait(&self->wake, &self->lock);
    return self->writing;
}

static void *work(void *context)
{
    struct outlet_thread *self = context;
    bool left = false; /* whoever made us has gone meanwhile */
    pthread_mutex_lock(&self->lock);
    while (!left && next_piece(self)) {
        pthread_mutex_unlock(&self->lock);
        write_piece(self);
        pthread_mutex_lock(&self->lock);
        left = self->ended;
        if (!left)
            tell(self);
    }
    pthread_mutex_unlock(&self->lock);
    if (left)
        free_thread(self);
    return NULL;
}

/* --- outside --- */

struct outlet_thread *outlet_thread_create(int out)
{
    int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (fd < 0)
        return NULL;
    struct outlet_thread *self = mem_zalloc(sizeof *self);
    self->out = out;
    self->fd = fd;
    self->piece = mem_alloc(PIECE);
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->wake, NULL);
    int failure = thread_start(&self->thread, work, self);
    if (failure == 0)
        return self;
    close(fd);
    free_thread(self);
    errno = failure;
    return NULL;
}

void outlet_thread_destroy(struct outlet_thread *self)
{
    if (!self)
        return;
    const pthread_t thread = self->thread;
    pthread_mutex_lock(&self->lock);
    const bool writing = self->writing;
    self->ended = true;
    close(self->fd);
    pthread_cond_signal(&self->wake);
    pthread_mutex_unlock(&self->lock);
    if (writing) {
        pthread_detach(thread);
        return;
    }
    pthread_join(thread, NULL);
    free_thread(self);
}

int outlet_thread_fd(const struct outlet_thread *self)
{
    return self->fd;
}

static bool is_writing(struct outlet_thread *self)
{
    pthread_mutex_lock(&self->lock);
    const bool writing = self->writing;
    pthread_mutex_unlock(&self->lock);
    return writing;
}

static void hand_over(struct outlet_thread *self)
{
    pthread_mutex_lock(&self->lock);
    self->writing = true;
    pthread_cond_signal(&self->wake);
    pthread_mutex_unlock(&self->lock);
}

static size_t fill(struct outlet_thread *self, const struct iovec *parts, int count)
{
    self->size = self->written = 0;
    for (int i = 0; i < count && self->size < PIECE; i++) {
        size_t room = PIECE - self->size;
        size_t size = parts[i].iov_len < room ? parts[i].iov_len : room;
        memcpy(self->piece + self->size, parts[i].iov_base, size);
        self->size += size;
    }
    return self->size;
}

size_t outlet_thread_backlog(const struct outlet_thread *self)
{
    return self->size;
}

/* The last piece is not written whole: says why, once, or tries again. */
static ssize_t put_rest(struct outlet_thread *self)
{
    const int error = self->error;
    self->error = 0;
    if (error == 0)
        hand_over(self);
    errno = error ? error : EAGAIN;
    return -1;
}

ssize_t outlet_thread_put(struct outlet_thread *self, const struct iovec *parts, int count)
{
    uint64_t ends;
    if (is_writing(self)) {
        errno = EAGAIN;
        return -1;
    }
    if (read(self->fd, &ends, sizeof ends) < 0)
        ends = 0; /* it was read before */
    if (self->written < self->size)
        return put_rest(self);
    size_t taken = fill(self, parts, count);
    if (taken > 0)
        hand_over(self);
    return (ssize_t)taken;
}
