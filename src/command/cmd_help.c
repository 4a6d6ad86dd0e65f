/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include <stdlib.h>
#include <string.h>

#include "command/help_keys.h"
#include "command/operator.h"

/* So many commands stand on a screen of 24 rows, with all that is told besides. */
enum { HELP_FEW = 10 };

static void answer(struct operator_session *session, const struct command *const *items,
                   size_t count, const char *note)
{
    struct result result = {.type = RESULT_HELP, .first = true, .note = note};
    result.help.items = items;
    result.help.count = count;
    operator_result(session, &result);
}

static void list(struct operator_session *session, bool all)
{
    size_t count = 0;
    while (session->commands[count])
        count++;
    answer(session, session->commands, count,
           all || count <= HELP_FEW
               ? NULL
               : "/help all lists all commands, /help COMMAND explains one");
}

static void explain_keys(struct operator_session *session, const struct command *command)
{
    char *help = help_keys(command->help, command->keys, session->program);
    struct command whole = *command;
    const struct command *item = &whole;
    whole.help = help;
    answer(session, &item, 1, NULL);
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
        answer(session, &command, 1, NULL);
    }
}

static void run(struct operator_session *session, const struct arguments *arguments)
{
    const char *name = arguments->words[0];
    if (*name == '\0' || strcmp(name, "all") == 0)
        list(session, *name != '\0');
    else
        explain(session, *name == '/' ? name + 1 : name);
}

const struct command cmd_help = {
    .name = "help",
    .arguments = "[COMMAND|all]",
    .summary = "tell what one needs first, all, or about one command",
    .basic = true,
    .help = "What begins with neither / nor @ is no command but text for the target.\n"
            "A command may be shortened while it stays unique: /pe for /peers.\n"
            "Example: /help send\n",
    .read_only = true,
    .max_words = 1,
    .kinds = {ARGUMENT_COMMAND},
    .run = run,
};
