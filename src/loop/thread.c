/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/thread.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/mem.h"
#include "base/ut.h"

struct thread {
    pthread_t id;
    CAST_MARK;
    int fd; /* a semaphore: as many as there are tasks that are done */
    pthread_mutex_t lock;
    pthread_cond_t wake;
    /* Under the lock: */
    struct task *waiting, *done; /* utlist */
    unsigned waiting_count;
    bool running; /* a task, which takes its time */
    bool ended;   /* nobody takes tasks back any more */
    bool left;    /* with some to do; frees itself */
};

static void free_thread(struct thread *self)
{
    pthread_cond_destroy(&self->wake);
    pthread_mutex_destroy(&self->lock);
    free(self);
}

static void remove_waiting(struct thread *self, struct task *task)
{
    DL_DELETE(self->waiting, task);
    self->waiting_count--;
    task->waits = false;
}

/* --- in the thread, with the lock held --- */

/* NULL at the end. */
static struct task *next_task(struct thread *self)
{
    while (!self->waiting && !self->ended)
        pthread_cond_wait(&self->wake, &self->lock);
    struct task *task = self->waiting;
    if (task)
        remove_waiting(self, task);
    return task;
}

static void run(struct thread *self, struct task *task)
{
    self->running = true;
    pthread_mutex_unlock(&self->lock);
    task->run(task);
    pthread_mutex_lock(&self->lock);
    self->running = false;
}

static void give_back(struct thread *self, struct task *task)
{
    DL_APPEND(self->done, task);
    eventfd_write(self->fd, 1); /* cannot fail: a semaphore holds more than there are tasks */
}

static void *work(void *context)
{
    struct thread *self = CAST(thread, context);
    struct task *task;
    pthread_mutex_lock(&self->lock);
    while ((task = next_task(self))) {
        run(self, task);
        if (self->ended)
            task->drop(task);
        else
            give_back(self, task);
    }
    const bool left = self->left;
    pthread_mutex_unlock(&self->lock);
    if (left)
        free_thread(self);
    return NULL;
}

/* --- outside --- */

/* Returns 0 or an errno. */
static int start(struct thread *self)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* inherited: pthread_create(3) */
    int failure = pthread_create(&self->id, NULL, work, self);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failure;
}

struct thread *thread_create(void)
{
    int fd = eventfd(0, EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC);
    if (fd < 0)
        return NULL;
    struct thread *self = mem_zalloc(sizeof *self);
    CAST_INIT(thread, self);
    self->fd = fd;
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->wake, NULL);
    int failure = start(self);
    if (failure == 0)
        return self;
    close(fd);
    free_thread(self);
    errno = failure;
    return NULL;
}

static void drop_all(struct thread *self)
{
    struct task *task, *next;
    DL_FOREACH_SAFE(self->done, task, next)
        task->drop(task);
    DL_FOREACH_SAFE(self->waiting, task, next) {
        if (task->owed)
            continue;
        remove_waiting(self, task);
        task->drop(task);
    }
}

void thread_destroy(struct thread *self)
{
    if (!self)
        return;
    const pthread_t id = self->id;
    pthread_mutex_lock(&self->lock);
    drop_all(self);
    const bool left = self->running || self->waiting;
    self->ended = true;
    self->left = left;
    close(self->fd);
    pthread_cond_signal(&self->wake);
    pthread_mutex_unlock(&self->lock);
    if (left) {
        pthread_detach(id);
        return;
    }
    pthread_join(id, NULL);
    free_thread(self);
}

void thread_give(struct thread *self, struct task *task)
{
    pthread_mutex_lock(&self->lock);
    task->waits = true;
    DL_APPEND(self->waiting, task);
    self->waiting_count++;
    pthread_cond_signal(&self->wake);
    pthread_mutex_unlock(&self->lock);
}

unsigned thread_waiting(struct thread *self)
{
    pthread_mutex_lock(&self->lock);
    const unsigned count = self->waiting_count;
    pthread_mutex_unlock(&self->lock);
    return count;
}

bool thread_withdraw(struct thread *self, struct task *task)
{
    pthread_mutex_lock(&self->lock);
    const bool waits = task->waits;
    if (waits)
        remove_waiting(self, task);
    pthread_mutex_unlock(&self->lock);
    return waits;
}

int thread_fd(const struct thread *self)
{
    return self->fd;
}

struct task *thread_done(struct thread *self)
{
    eventfd_t one;
    if (eventfd_read(self->fd, &one) < 0)
        return NULL;
    pthread_mutex_lock(&self->lock);
    struct task *task = self->done;
    DL_DELETE(self->done, task);
    pthread_mutex_unlock(&self->lock);
    return task;
}
