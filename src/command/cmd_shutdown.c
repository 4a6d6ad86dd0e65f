/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "command/operator.h"
#include "core/program.h"

static void run(struct operator_session *session, const struct arguments *arguments)
{
    (void)arguments;
    operator_done(session, NULL);
    session->program->shutdown(session->program->context);
}

const struct command cmd_shutdown = {
    .name = "shutdown",
    .arguments = "",
    .summary = "end telexd gracefully",
    .help = "No more peers are let in, all lines are closed as /close does it, and\n"
            "telexd ends when the last one is gone, at the latest after --drain.\n",
    .never_repeated = true,
    .run = run,
};
