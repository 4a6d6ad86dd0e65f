/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one thread in which names are looked up, one after another, so that a name server that is
 * silent keeps nobody waiting but those who asked. It knows no loop: answers make a descriptor
 * readable. All calls are for the thread that made it.
 */
#ifndef TELEX_LOOP_RESOLVE_THREAD_H
#define TELEX_LOOP_RESOLVE_THREAD_H

#include <stdbool.h>

#include "loop/lookup.h"

struct resolve_thread;

/* Names that wait for the one which is being looked up. */
enum { RESOLVE_WAITING_MAX = 1024 };

struct resolve_question {
    struct lookup lookup;
    void *asker; /* NULL: nobody waits for the answer any more */
    bool waiting;
    struct resolve_question *prev, *next;
};

/* NULL with errno where there can be no thread. */
struct resolve_thread *resolve_thread_create(void);
/*
 * The end, now: a lookup that is under way is left to the thread, which then ends by itself.
 * The askers of all others must be gone.
 */
void resolve_thread_destroy(struct resolve_thread *thread);

/* Asks for host; NULL where RESOLVE_WAITING_MAX names wait already. */
struct resolve_question *resolve_thread_ask(struct resolve_thread *thread, const char *host,
                                            void *asker);
/* The asker no longer wants the answer. */
void resolve_thread_withdraw(struct resolve_thread *thread, struct resolve_question *question);

/* Readable while there are answers. */
int resolve_thread_fd(const struct resolve_thread *thread);
/*
 * The next answer, or NULL; the caller frees it with resolve_question_free. Its asker is NULL
 * where the question was withdrawn.
 */
struct resolve_question *resolve_thread_answer(struct resolve_thread *thread);
void resolve_question_free(struct resolve_question *question);

#endif
