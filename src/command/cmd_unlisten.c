/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "command/operator.h"
#include "core/hub.h"

static void run(struct operator_session *session, const struct arguments *arguments)
{
    struct listener *listener = operator_find_listener(session, arguments->words[0]);
    if (!listener)
        return;
    hub_remove_listener(session->hub, listener);
    operator_done(session, NULL);
}

const struct command cmd_unlisten = {
    .name = "unlisten",
    .arguments = "LISTENER",
    .summary = "stop listening on an endpoint",
    .help = "LISTENER is its number or name, as /listeners shows them. Stream peers\n"
            "that came in by it stay on the line, its UDP peers are closed.\n"
            "Example: /unlisten 2\n",
    .min_words = 1,
    .max_words = 1,
    .kinds = {ARGUMENT_LISTENER},
    .run = run,
};
