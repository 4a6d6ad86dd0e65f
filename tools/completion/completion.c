/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "completion/completion.h"

#include <stdlib.h>
#include <string.h>

#include "base/command_line.h"
#include "base/log.h"

bool completion_is_optional(const struct option_spec *option)
{
    return option->argument && option->argument[0] == '[';
}

static bool is_known(const struct completion *completion, const char *argument)
{
    if (!argument || completion_argument(completion, argument))
        return true;
    log_error("%s: nothing says what can stand for %s: see arguments.c", completion->name,
              argument);
    return false;
}

/* A new kind of argument is noticed here, where the build stops. */
static bool all_known(const struct completion *completion)
{
    size_t count;
    const struct option_spec *options = completion->options(&count);
    bool known = true;
    for (size_t i = 0; i < count; i++)
        known &= is_known(completion, options[i].argument);
    for (size_t i = 0; i < COMPLETION_OPERANDS; i++)
        known &= is_known(completion, completion->operands[i]);
    for (size_t i = 0; i < COMPLETION_SUBS && completion->subs[i]; i++)
        known &= all_known(completion->subs[i]);
    return known;
}

static bool is_shell(int argc, char **argv, const char *shell, int count)
{
    return argc == count && strcmp(argv[1], shell) == 0;
}

int completion_run(const struct completion *completion, int argc, char **argv)
{
    bool good = true;
    log_init("completion");
    if (!all_known(completion))
        return EXIT_FAILURE;
    if (is_shell(argc, argv, "bash", 3)) {
        good = completion_bash(completion, argv[2], stdout);
    } else if (is_shell(argc, argv, "zsh", 2)) {
        completion_zsh(completion, stdout);
    } else {
        log_error("say for which shell: zsh, or bash and the file of its helpers");
        return EXIT_USAGE;
    }
    return good && fflush(stdout) == 0 && !ferror(stdout) ? EXIT_SUCCESS : EXIT_FAILURE;
}
