/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "command/operator.h"
#include "command/repeats.h"

static void run(struct operator_session *session, const struct arguments *arguments)
{
    (void)arguments;
    if (!session->read_only) {
        session->read_only = true;
        repeats_end_all(session);
        session->ops->changed(session, OPERATOR_READ_ONLY);
    }
    operator_done(session, "this console changes nothing from here on");
}

const struct command cmd_read_only = {
    .name = "read-only",
    .arguments = "",
    .summary = "make this console one that only looks on",
    .help = "From here on this console sees everything and changes nothing. There is\n"
            "no way back but a new console.\n",
    .read_only = true,
    .console_only = true,
    .never_repeated = true,
    .run = run,
};
