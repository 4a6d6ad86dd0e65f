/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "base/escape.h"
#include "command/operator.h"

/* The most bytes of the text that are told. */
enum { TOLD_MAX = 64 };

static void tell(struct operator_session *session)
{
    const struct search *grep = &session->focus.grep;
    if (grep->size == 0) {
        operator_done(session, "shown: all messages");
        return;
    }
    UT_string text;
    utstring_init(&text);
    escape_bytes(&text, grep->text, grep->size < TOLD_MAX ? grep->size : TOLD_MAX);
    operator_done(session, "shown: only messages that contain '%s%s'", utstring_body(&text),
                  grep->size > TOLD_MAX ? "..." : "");
    utstring_done(&text);
}

static void run(struct operator_session *session, const struct arguments *arguments)
{
    if (arguments->size > 0)
        focus_set_grep(&session->focus, arguments->words[0], arguments->size);
    tell(session);
}

const struct command cmd_grep = {
    .name = "grep",
    .arguments = "[TEXT | -]",
    .summary = "show only messages that contain a text",
    .help = "Large and small letters are the same. It is looked for in each message\n"
            "by itself, as it came or went. What this console sends is shown anyway.\n"
            "With - all messages are shown again; without TEXT it tells what is set.\n"
            "Example: /grep error\n",
    .read_only = true,
    .console_only = true,
    .max_words = 1,
    .kinds = {ARGUMENT_TEXT},
    .never_repeated = true,
    .run = run,
};
