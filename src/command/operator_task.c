/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/operator_task.h"

#include <stddef.h>

#include "command/operator.h"

void operator_task_begin(struct operator_session *session, struct operator_task *task)
{
    task->command = session->running;
    session->task = task;
    session->ops->changed(session, OPERATOR_TASK);
}

void operator_task_wake(struct operator_session *session)
{
    session->task->waits = false;
    session->ops->changed(session, OPERATOR_TASK);
}

void operator_task_go_on(struct operator_session *session)
{
    struct operator_task *task = session->task;
    session->running = task->command;
    const bool answered = task->ops->go_on(session, task);
    session->running = NULL;
    if (answered)
        operator_task_cancel(session);
    session->ops->changed(session, OPERATOR_TASK);
}

void operator_task_cancel(struct operator_session *session)
{
    struct operator_task *task = session->task;
    session->task = NULL;
    if (task)
        task->ops->destroy(task);
}
