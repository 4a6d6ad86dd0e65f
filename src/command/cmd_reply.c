/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "command/operator.h"
#include "core/agent.h"
#include "core/agents.h"
#include "core/hub.h"
#include "core/listener.h"

static void run(struct operator_session *session, const struct arguments *arguments)
{
    char *error = NULL;
    struct listener *listener = operator_find_listener(session, arguments->words[0]);
    if (!listener)
        return;
    if (listener->origin.profile.to) {
        operator_error(session, "listener %u has to=, beside which no reply can stand",
                       listener->number);
        return;
    }
    const struct agent *agent = agents_find(arguments->words[1], &error);
    if (!agent) {
        operator_answer(session, error);
        return;
    }
    agent_choose(session->hub, listener, agent);
    operator_done(session, "listener %u replies with %s", listener->number, agent->name);
}

const struct command cmd_reply = {
    .name = "reply",
    .arguments = "LISTENER MODE",
    .summary = "choose the automatic reply to a listener's peers",
    .help = "MODE is " AGENTS_MEANINGS ". It holds at once, for the peers\n"
            "that are on the line already too.\n"
            "Example: /reply 1 echo\n",
    .min_words = 2,
    .max_words = 2,
    .kinds = {ARGUMENT_LISTENER, ARGUMENT_REPLY},
    .run = run,
};
