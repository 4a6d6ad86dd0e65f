/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "command/operator.h"

static void run(struct operator_session *session, const struct arguments *arguments)
{
    char *error = NULL;
    enum view view;
    if (!view_parse(arguments->words[0], &view, &error)) {
        operator_answer(session, error);
        return;
    }
    session->view = view;
    session->ops->changed(session, OPERATOR_VIEW);
    operator_done(session, "view %s", view_name(view));
}

const struct command cmd_view = {
    .name = "view",
    .arguments = "VIEW",
    .summary = "choose how this console shows messages",
    .help = "VIEW is text, hex (a hex dump), size (only how many bytes) or none. Each\n"
            "console has a view of its own.\n"
            "Example: /view hex\n",
    .read_only = true,
    .min_words = 1,
    .max_words = 1,
    .kinds = {ARGUMENT_VIEW},
    .run = run,
};
