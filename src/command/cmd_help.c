/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include <stdlib.h>

#include "command/help_keys.h"
#include "command/operator.h"

static void answer(struct operator_session *session, const struct command *const *items,
                   size_t count)
{
    struct result result = {.type = RESULT_HELP, .first = true};
    result.help.items = items;
    result.help.count = count;
    operator_result(session, &result);
}

static void list_all(struct operator_session *session)
{
    size_t count = 0;
    while (session->commands[count])
        count++;
    answer(session, session->commands, count);
}

static void explain_keys(struct operator_session *session, const struct command *command)
{
    char *help = help_keys(command->help, command->keys, session->program);
    struct command whole = *command;
    const struct command *item = &whole;
    whole.help = help;
    answer(session, &item, 1);
    free(help);
}

static void explain(struct operator_session *session, const char *name)
{
    char *error = NULL;
    const struct command *command = command_find(session->commands, name, &error);
    if (!command) {
        operator_answer(session, error);
    } else if (command->keys) {
        explain_keys(session, command);
    } else {
        answer(session, &command, 1);
    }
}

static void run(struct operator_session *session, const struct arguments *arguments)
{
    const char *name = arguments->words[0];
    if (*name)
        explain(session, *name == '/' ? name + 1 : name);
    else
        list_all(session);
}

const struct command cmd_help = {
    .name = "help",
    .arguments = "[COMMAND]",
    .summary = "list the commands, or explain one",
    .help = "What begins with neither / nor @ is no command but text for the target.\n"
            "A command may be shortened while it stays unique: /pe for /peers.\n"
            "Example: /help send\n",
    .read_only = true,
    .max_words = 1,
    .kinds = {ARGUMENT_COMMAND},
    .run = run,
};
