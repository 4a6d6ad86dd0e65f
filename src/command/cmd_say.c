/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include <string.h>

#include "command/operator.h"
#include "command/operators.h"

/* More than a word is a message, and not for operators. */
enum { SAY_MAX = 4096 };

static void run(struct operator_session *session, const struct arguments *arguments)
{
    const char *text = arguments->words[0];
    if (memchr(text, '\0', arguments->size)) {
        operator_error(session, "a word to other operators may not hold a NUL byte");
    } else if (arguments->size > SAY_MAX) {
        operator_error(session, "a word to other operators may have %d bytes, this one has %zu",
                       SAY_MAX, arguments->size);
    } else {
        operators_say(session, text);
        operator_done(session,
                      session->operators->count > 1 ? NULL : "nobody else is attached");
    }
}

const struct command cmd_say = {
    .name = "say",
    .arguments = "TEXT",
    .summary = "say a word to all other consoles",
    .help = "All who are attached see it, with the number of this console; no peer\n"
            "does.\n"
            "Example: /say I restart the boiler now\n",
    .read_only = true,
    .min_words = 1,
    .max_words = 1,
    .kinds = {ARGUMENT_TEXT},
    .run = run,
};
