/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A command that answers later: one that tells more than a turn of the loop has time for, or
 * that has to wait for somebody. It begins a task in place of an answer. The operator's next
 * lines wait until the task has given the last one; nobody else's do.
 */
#ifndef TELEX_COMMAND_OPERATOR_TASK_H
#define TELEX_COMMAND_OPERATOR_TASK_H

#include <stdbool.h>

struct command;
struct operator_session;
struct operator_task;

struct operator_task_ops {
    /*
     * The next piece of the work: answers with one result, more set in all but the last, or
     * with an error; or with nothing, where it is to be called again in a later turn. True once
     * the last answer was given. What peers and listeners there are has changed since the call
     * before: hold their numbers.
     */
    bool (*go_on)(struct operator_session *session, struct operator_task *task);
    /* Frees the task: after its last answer, or in the middle, where its operator goes. */
    void (*destroy)(struct operator_task *task);
};

/* First in whatever the command needs to know meanwhile. */
struct operator_task {
    const struct operator_task_ops *ops;
    bool waits;                    /* for operator_task_wake: go_on is not called before */
    bool quiet;                    /* only its last piece answers: the others need no room */
    const struct command *command; /* set by operator_task_begin */
};

/* --- for commands --- */

/* From within the command's run, which answers nothing itself. The session owns the task. */
void operator_task_begin(struct operator_session *session, struct operator_task *task);
/* What the session's task waits for has come, or failed: go_on is called in a later turn. */
void operator_task_wake(struct operator_session *session);

/* --- for operators, which are told OPERATOR_TASK when a task begins, wakes or ends --- */

/*
 * One piece of the session's task, which does not wait. To be called once a turn of the loop,
 * and only while there is room for the piece, unless it is quiet.
 */
void operator_task_go_on(struct operator_session *session);
/* The operator goes: ends its task, if there is one, without an answer. */
void operator_task_cancel(struct operator_session *session);

#endif
