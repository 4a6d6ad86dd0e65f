/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/resolve_thread.h"

#include <stdlib.h>

#include "base/cast.h"
#include "base/mem.h"

static struct resolve_question *question_of(struct task *task)
{
    return container_of(task, struct resolve_question, task);
}

void resolve_question_free(struct resolve_question *question)
{
    lookup_finish(&question->lookup);
    free(question);
}

/* In the thread. */
static void look_up(struct task *task)
{
    lookup_run(&question_of(task)->lookup);
}

static void drop(struct task *task)
{
    resolve_question_free(question_of(task));
}

struct resolve_question *resolve_thread_ask(struct thread *thread, const char *host,
                                            void *asker)
{
    if (thread_waiting(thread) >= RESOLVE_WAITING_MAX)
        return NULL;
    struct resolve_question *question = mem_zalloc(sizeof *question);
    question->task = (struct task){.run = look_up, .drop = drop};
    lookup_init(&question->lookup, host);
    question->asker = asker;
    thread_give(thread, &question->task);
    return question;
}

void resolve_thread_withdraw(struct thread *thread, struct resolve_question *question)
{
    question->asker = NULL;
    if (thread_withdraw(thread, &question->task))
        resolve_question_free(question);
}

struct resolve_question *resolve_thread_answer(struct thread *thread)
{
    struct task *task = thread_done(thread);
    return task ? question_of(task) : NULL;
}
