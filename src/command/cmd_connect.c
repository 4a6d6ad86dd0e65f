/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "command/operator.h"
#include "core/program.h"

static void run(struct operator_session *session, const struct arguments *arguments)
{
    const struct program *program = session->program;
    const char *endpoint = arguments->words[0];
    struct result result = {.type = RESULT_CALLED, .first = true};
    char *error = NULL;
    if (operator_may_reach(session, endpoint, &error) &&
        program->connect(program->context, endpoint, &result.number, &error))
        operator_result(session, &result);
    else
        operator_answer(session, error);
}

const struct command cmd_connect = {
    .name = "connect",
    .arguments = "ENDPOINT",
    .summary = "call out; the far end becomes a peer like any other",
    .help = "The answer tells the new peer's number; an open event tells when it is\n"
            "reached, a close event if it is not. With from=LISTENER a UDP call\n"
            "leaves from that listener's port. serial:PATH is a device, exec:COMMAND\n"
            "a program: all up to the first ? is the command, blanks and all.\n"
            "Example: /connect tcp://meter7.example:4001?eol=crlf\n"
            "         /connect exec:tail -F /var/log/syslog?name=log\n",
    .min_words = 1,
    .max_words = 1,
    .kinds = {ARGUMENT_ENDPOINT},
    .keys = KEY_CALL,
    .run = run,
};
