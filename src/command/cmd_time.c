/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "command/operator.h"

static void run(struct operator_session *session, const struct arguments *arguments)
{
    char *error = NULL;
    if (time_form_parse(arguments->words[0], &session->time_form, &error))
        operator_done(session, "time %s", time_form_name(session->time_form));
    else
        operator_answer(session, error);
}

const struct command cmd_time = {
    .name = "time",
    .arguments = "FORM",
    .summary = "choose how this console tells times",
    .help = "FORM is clock (10:27:05), ms (10:27:05.123), iso (date and time in UTC,\n"
            "as in JSON), delta (seconds since the message before) or none.\n"
            "Example: /time ms\n",
    .read_only = true,
    .console_only = true,
    .min_words = 1,
    .max_words = 1,
    .kinds = {ARGUMENT_TIME},
    .never_repeated = true,
    .run = run,
};
