/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "command/operator.h"

static void run(struct operator_session *session, const struct arguments *arguments)
{
    (void)arguments;
    operator_done(session, NULL);
    session->leaving = true;
    session->ops->changed(session, OPERATOR_LEAVING);
}

const struct command cmd_quit = {
    .name = "quit",
    .arguments = "",
    .summary = "leave this console",
    .basic = true,
    .help = "An attached console detaches and telexd runs on. On telexd's own console\n"
            "it ends telexd gracefully, as /shutdown does. telex closes its line.\n",
    .read_only = true,
    .console_only = true,
    .never_repeated = true,
    .run = run,
};
