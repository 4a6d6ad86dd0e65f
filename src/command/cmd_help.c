/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "command/operator.h"

static void answer(struct operator* operator, const struct command * const * items,
                   size_t count)
{
    struct result result = {.type = RESULT_HELP, .first = true};
    result.help.items = items;
    result.help.count = count;
    operator_result(operator, & result);
}

static void list_all(struct operator* operator)
{
    size_t count = 0;
    while (operator->commands[count])
        count++;
    answer(operator, operator->commands, count);
}

static void explain(struct operator* operator, const char * name)
{
    char *error = NULL;
    const struct command *command = command_find(operator->commands, name, &error);
    if (command)
        answer(operator, & command, 1);
    else
        operator_answer(operator, error);
}

static void run(struct operator* operator, const struct arguments * arguments)
{
    const char *name = arguments->words[0];
    if (*name)
        explain(operator, * name == '/' ? name + 1 : name);
    else
        list_all(operator);
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
