/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names that are looked up in a thread, one after another, so that a name server that is silent
 * keeps nobody waiting but those who asked.
 */
#ifndef TELEX_LOOP_RESOLVE_THREAD_H
#define TELEX_LOOP_RESOLVE_THREAD_H

#include "loop/lookup.h"
#include "loop/thread.h"

/* Names that wait for the one which is being looked up. */
enum { RESOLVE_WAITING_MAX = 1024 };

struct resolve_question {
    struct task task;
    struct lookup lookup;
    void *asker; /* NULL: nobody waits for the answer any more; the thread never looks at it */
};

/* Asks for host; NULL where RESOLVE_WAITING_MAX names wait already. */
struct resolve_question *resolve_thread_ask(struct thread *thread, const char *host,
                                            void *asker);
/* The asker no longer wants the answer. */
void resolve_thread_withdraw(struct thread *thread, struct resolve_question *question);
/*
 * The next answer, or NULL; the caller frees it with resolve_question_free. Its asker is NULL
 * where the question was withdrawn.
 */
struct resolve_question *resolve_thread_answer(struct thread *thread);
void resolve_question_free(struct resolve_question *question);

#endif
