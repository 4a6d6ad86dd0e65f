/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "command/operator.h"
#include "core/exchange.h"

static void run(struct operator_session *session, const struct arguments *arguments)
{
    const struct exchange *exchange = session->exchange;
    const char *endpoint = arguments->words[0];
    const struct listener *listener = NULL;
    char *error = NULL;
    if (!operator_may_reach(session, endpoint, &error) ||
        !exchange->listen(exchange->context, endpoint, &listener, &error)) {
        operator_answer(session, error);
        return;
    }
    struct result result = {.type = RESULT_LISTENERS, .first = true};
    result.listeners.items = &listener;
    result.listeners.count = 1;
    operator_result(session, &result);
}

const struct command cmd_listen = {
    .name = "listen",
    .arguments = "ENDPOINT",
    .summary = "listen on one more endpoint",
    .help = "ENDPOINT is tcp://HOST:PORT, udp://HOST:PORT or unix:PATH, with * or\n"
            "nothing for HOST where every address is meant, 0 for a PORT of the\n"
            "system's choice, and perhaps keys: reply=none|echo|stamp,\n"
            "eol=none|lf|crlf|nul, framing=raw|line, name=WORD, half-close=SECONDS.\n"
            "Example: /listen tcp://*:4001?framing=line&eol=crlf&name=meters\n",
    .min_words = 1,
    .max_words = 1,
    .kinds = {ARGUMENT_ENDPOINT},
    .run = run,
};
