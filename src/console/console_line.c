/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/console_line.h"

#include "base/cast.h"
#include "base/host.h"
#include "command/command.h"
#include "command/operator_task.h"
#include "command/repeats.h"
#include "console/console.h"

/* For /stats, which tells what the longest turn was spent on. */
static enum part enter(const struct console *console, enum part part)
{
    return console->host->enter(console->host->context, part);
}

/* --- lines --- */

void console_line(struct console *console, const char *line, size_t size)
{
    const enum part part = enter(console, PART_COMMAND);
    console->line = ++console->lines;
    if (console->forward)
        console->forward(console->forward_context, line, size);
    else
        command_line(&console->session, line, size);
    if (!console->session.task) /* else its answers are still to come */
        console->line = 0;
    enter(console, part);
}

void console_long_line(struct console *console)
{
    console->line = ++console->lines;
    console->session.ops->error(
        &console->session, NULL,
        "a line of more than 1,048,576 bytes was skipped; use /file for so much");
    console->line = 0;
}

bool console_repeat(struct operator_session *session, const struct repeat_card *card)
{
    struct console *console = CAST(console, session);
    if (console->input_holds != 0)
        return false;
    const enum part part = enter(console, PART_COMMAND);
    session->every = card->number;
    command_line(session, card->line, card->size);
    if (!session->task)
        session->every = 0;
    enter(console, part);
    return true;
}

/* --- answers that take more than a turn --- */

static bool can_go_on(const struct console *console)
{
    const struct operator_task *task = console->session.task;
    return task && !task->waits &&
           (task->quiet || console->suspended ||
            console->front->backlog(console) <= CONSOLE_BACKLOG_LOW);
}

void console_go_on(struct console *console)
{
    if (can_go_on(console))
        console->host->later(console->host->context, &console->task_job);
}

void console_run_task(struct job *job)
{
    struct console *console = container_of(job, struct console, task_job);
    if (!can_go_on(console)) /* events may have come meanwhile */
        return;
    const enum part part = enter(console, PART_COMMAND);
    operator_task_go_on(&console->session);
    enter(console, part);
}

/* A task's answers carry the number of its line, and the lines behind it wait. */
void console_task_changed(struct console *console)
{
    const bool under_way = console->session.task != NULL;
    console_hold_input(console, CONSOLE_HOLD_TASK, under_way);
    if (!under_way) {
        console->line = 0;
        console->session.every = 0;
    }
    console_go_on(console);
}
