/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "command/delivery.h"

static void run(struct operator_session *session, const struct arguments *arguments)
{
    delivery_run(session, arguments->words[0], arguments->words[1], arguments->size, true);
}

const struct command cmd_send = {
    .name = "send",
    .arguments = "PEERS TEXT",
    .summary = "send a text to the peers you name; the target stays",
    .help = "PEERS is a number (3 or #3), a name, a comma list of them, or * for all.\n"
            "After exactly one space the rest of the line goes out as it was typed,\n"
            "and the listener's eol behind it. @PEERS TEXT is short for it, and TEXT\n"
            "alone goes to the target (see /to). Write //TEXT or /@TEXT for a text\n"
            "that begins with / or @.\n"
            "Example: /send 3,boiler how warm is it?\n"
            "         @* closing in five minutes\n",
    .min_words = 2,
    .max_words = 2,
    .kinds = {ARGUMENT_PEERS, ARGUMENT_TEXT},
    .run = run,
};
