/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include <stdlib.h>

#include "base/cast.h"
#include "base/mem.h"
#include "command/operator.h"
#include "command/operator_task.h"
#include "core/agents.h"
#include "core/listener.h"
#include "core/program.h"

struct listen_task {
    struct operator_task task; /* first: tasks are these */
    CAST_MARK;
    struct operator_session *session;
    struct listening *listening;
};

static bool go_on(struct operator_session *session, struct operator_task *task)
{
    const struct program *program = session->program;
    struct listening *listening = CAST(listen_task, task)->listening;
    const struct listener *listener = NULL;
    char *error = NULL;
    if (program->listen(program->context, listening, &listener, &error)) {
        struct result result = {.type = RESULT_LISTENERS, .first = true};
        struct origin_card card;
        card_of_origin(&card, &listener->origin);
        result.listeners.items = &card;
        result.listeners.count = 1;
        operator_result(session, &result);
    } else {
        operator_answer(session, error);
    }
    return true;
}

static void destroy(struct operator_task *task)
{
    struct listen_task *self = CAST(listen_task, task);
    if (self->listening)
        self->session->program->release(self->listening);
    free(self);
}

static void ready(void *asker)
{
    operator_task_wake(CAST(listen_task, asker)->session);
}

static void run(struct operator_session *session, const struct arguments *arguments)
{
    static const struct operator_task_ops ops = {.go_on = go_on, .destroy = destroy};
    const struct program *program = session->program;
    const char *endpoint = arguments->words[0];
    struct listen_task *self = mem_alloc(sizeof *self);
    char *error = NULL;
    *self = (struct listen_task){.task.ops = &ops, .session = session};
    CAST_INIT(listen_task, self);
    if (operator_may_reach(session, endpoint, &error))
        self->listening = program->prepare(program->context, endpoint, ready, self,
                                           &self->task.waits, &error);
    if (self->task.waits) {
        operator_task_begin(session, &self->task);
        return;
    }
    if (self->listening)
        go_on(session, &self->task);
    else
        operator_answer(session, error);
    destroy(&self->task);
}

const struct command cmd_listen = {
    .name = "listen",
    .arguments = "ENDPOINT",
    .summary = "listen on one more endpoint",
    .help = "ENDPOINT is tcp://HOST:PORT, udp://HOST:PORT, unix:PATH or unix:@NAME.\n"
            "HOST is * or nothing where every address is meant; PORT may be the name\n"
            "of a service, or 0 where the system is to choose.\n"
            "Example: /listen tcp://*:4001?framing=line&eol=crlf&name=meters\n",
    .min_words = 1,
    .max_words = 1,
    .kinds = {ARGUMENT_ENDPOINT},
    .keys = KEY_LISTEN,
    .run = run,
};
