/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/resolve_thread.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/ut.h"
#include "loop/thread.h"

struct resolve_thread {
    pthread_t thread;
    int fd; /* a semaphore: as many as there are answers */
    pthread_mutex_t lock;
    pthread_cond_t wake;
    /* Under the lock: */
    struct resolve_question *waiting, *answered;
    unsigned waiting_count;
    bool asking; /* the system, which takes its time */
    bool ended;  /* nobody takes answers any more */
};

void resolve_question_free(struct resolve_question *question)
{
    lookup_finish(&question->lookup);
    free(question);
}

static void free_all(struct resolve_question *list)
{
    struct resolve_question *each, *next;
    DL_FOREACH_SAFE(list, each, next)
        resolve_question_free(each);
}

static void free_thread(struct resolve_thread *self)
{
    pthread_cond_destroy(&self->wake);
    pthread_mutex_destroy(&self->lock);
    free(self);
}

/* --- in the thread, with the lock held --- */

static struct resolve_question *next_question(struct resolve_thread *self)
{
    while (!self->waiting && !self->ended)
        pthread_cond_wait(&self->wake, &self->lock);
    if (self->ended)
        return NULL;
    struct resolve_question *question = self->waiting;
    DL_DELETE(self->waiting, question);
    self->waiting_count--;
    question->waiting = false;
    return question;
}

static void look_up(struct resolve_thread *self, struct resolve_question *question)
{
    self->asking = true;
    pthread_mutex_unlock(&self->lock);
    lookup_run(&question->lookup);
    pthread_mutex_lock(&self->lock);
    self->asking = false;
}

static void tell(struct resolve_thread *self, struct resolve_question *question)
{
    const uint64_t one = 1;
    DL_APPEND(self->answered, question);
    if (write(self->fd, &one, sizeof one) < 0)
        return; /* cannot be: a semaphore holds more than there are questions */
}

static void *work(void *context)
{
    struct resolve_thread *self = context;
    struct resolve_question *question;
    bool left = false; /* whoever made us has gone meanwhile */
    pthread_mutex_lock(&self->lock);
    while (!left && (question = next_question(self))) {
        look_up(self, question);
        left = self->ended;
        if (left)
            resolve_question_free(question);
        else
            tell(self, question);
    }
    pthread_mutex_unlock(&self->lock);
    if (left)
        free_thread(self);
    return NULL;
}

/* --- outside --- */

struct resolve_thread *resolve_thread_create(void)
{
    int fd = eventfd(0, EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC);
    if (fd < 0)
        return NULL;
    struct resolve_thread *self = mem_zalloc(sizeof *self);
    self->fd = fd;
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

void resolve_thread_destroy(struct resolve_thread *self)
{
    if (!self)
        return;
    const pthread_t thread = self->thread;
    pthread_mutex_lock(&self->lock);
    const bool asking = self->asking;
    self->ended = true;
    close(self->fd);
    free_all(self->waiting);
    free_all(self->answered);
    pthread_cond_signal(&self->wake);
    pthread_mutex_unlock(&self->lock);
    if (asking) {
        pthread_detach(thread);
        return;
    }
    pthread_join(thread, NULL);
    free_thread(self);
}

struct resolve_question *resolve_thread_ask(struct resolve_thread *self, const char *host,
                                            void *asker)
{
    struct resolve_question *question = NULL;
    pthread_mutex_lock(&self->lock);
    if (self->waiting_count < RESOLVE_WAITING_MAX) {
        question = mem_zalloc(sizeof *question);
        lookup_init(&question->lookup, host);
        question->asker = asker;
        question->waiting = true;
        DL_APPEND(self->waiting, question);
        self->waiting_count++;
        pthread_cond_signal(&self->wake);
    }
    pthread_mutex_unlock(&self->lock);
    return question;
}

void resolve_thread_withdraw(struct resolve_thread *self, struct resolve_question *question)
{
    question->asker = NULL; /* which the thread never looks at */
    pthread_mutex_lock(&self->lock);
    const bool waiting = question->waiting;
    if (waiting) {
        DL_DELETE(self->waiting, question);
        self->waiting_count--;
    }
    pthread_mutex_unlock(&self->lock);
    if (waiting)
        resolve_question_free(question);
}

int resolve_thread_fd(const struct resolve_thread *self)
{
    return self->fd;
}

struct resolve_question *resolve_thread_answer(struct resolve_thread *self)
{
    uint64_t one;
    if (read(self->fd, &one, sizeof one) < 0)
        return NULL;
    pthread_mutex_lock(&self->lock);
    struct resolve_question *question = self->answered;
    DL_DELETE(self->answered, question);
    pthread_mutex_unlock(&self->lock);
    return question;
}
