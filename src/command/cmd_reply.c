/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/command.h"

#include "command/operator.h"
#include "core/hub.h"
#include "core/listener.h"
#include "core/responder.h"

static void run(struct operator_session *session, const struct arguments *arguments)
{
    char *error = NULL;
    struct listener *listener = operator_find_listener(session, arguments->words[0]);
    if (!listener)
        return;
    const struct responder *responder = responder_find(arguments->words[1], &error);
    if (!responder) {
        operator_answer(session, error);
        return;
    }
    listener->origin.profile.reply = responder;
    hub_reply_changed(session->hub, listener);
    operator_done(session, "listener %u replies with %s", listener->number, responder->name);
}

const struct command cmd_reply = {
    .name = "reply",
    .arguments = "LISTENER MODE",
    .summary = "choose the automatic reply to a listener's peers",
    .help = "MODE is none, echo (the message itself) or stamp (the local time and the\n"
            "message: [Sun Mar 19 10:27:00 2017] hi). It holds at once, for the peers\n"
            "that are on the line already too.\n"
            "Example: /reply 1 echo\n",
    .min_words = 2,
    .max_words = 2,
    .kinds = {ARGUMENT_LISTENER, ARGUMENT_REPLY},
    .run = run,
};
