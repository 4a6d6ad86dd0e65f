/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "command/operator.h"

static void run(struct operator_session *session, const struct arguments *arguments)
{
    (void)arguments;
    session->local_files = false;
    operator_done(session, "this console reaches no files, devices, programs or Unix sockets "
                           "from here on");
}

const struct command cmd_restrict = {
    .name = "restrict",
    .arguments = "",
    .summary = "give up files, devices, programs and Unix sockets",
    .help = "From here on /file, the schemes unix, serial and exec, and keys that\n"
            "name files are refused here, whoever you are: for a console that\n"
            "passes on what others say. There is no way back but a new console.\n",
    .console_only = true,
    .never_repeated = true,
    .run = run,
};
