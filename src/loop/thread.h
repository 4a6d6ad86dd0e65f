/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A thread beside the loop's, for system calls that wait where the loop must not. It is given
 * tasks, does one after another, and gives them back. It knows no loop: what is done makes a
 * descriptor readable. All calls are for the thread that made it; no signal reaches it.
 */
#ifndef TELEX_LOOP_THREAD_H
#define TELEX_LOOP_THREAD_H

#include <stdbool.h>

struct thread;

/* Embedded in what it is about, which is the thread's from thread_give to thread_done. */
struct task {
    void (*run)(struct task *task);  /* in the thread; may wait */
    void (*drop)(struct task *task); /* frees one that nobody takes any more, in either */
    bool owed;                       /* it is run though nobody takes it any more */
    bool waits;                      /* for those before it */
    struct task *prev, *next;
};

/* NULL with errno where there can be none. */
struct thread *thread_create(void);
/*
 * The end, now: drops all tasks but one that is being run, and those that are owed. These are
 * left to the thread, which drops them once they are done and ends by itself. NULL is fine.
 */
void thread_destroy(struct thread *thread);

void thread_give(struct thread *thread, struct task *task);
/* Tasks that are not begun. */
unsigned thread_waiting(struct thread *thread);
/* Takes a task back that is not begun; false where it is too late for that. */
bool thread_withdraw(struct thread *thread, struct task *task);
/* Readable while there are tasks that are done. */
int thread_fd(const struct thread *thread);
/* The next that is done, or NULL. */
struct task *thread_done(struct thread *thread);

#endif
