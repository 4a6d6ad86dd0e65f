/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/operators.h"

#include "base/ut.h"
#include "command/operator.h"
#include "core/hub.h"

static void tell(const struct operator_session *session, enum console_state state,
                 const char *text)
{
    const struct console_news news = {.console = session->console,
                                      .state = state,
                                      .uid = session->uid,
                                      .read_only = session->read_only,
                                      .text = text};
    hub_tell_console(session->hub, &news);
}

void operators_join(struct operators *operators, struct operator_session *session)
{
    session->operators = operators;
    DL_APPEND(operators->list, session);
    operators->count++;
    if (session->attached)
        tell(session, CONSOLE_ATTACHED, NULL);
}

void operators_leave(struct operator_session *session)
{
    struct operators *operators = session->operators;
    if (!operators)
        return;
    DL_DELETE(operators->list, session);
    operators->count--;
    session->operators = NULL;
    if (!session->hub->shutting_down)
        tell(session, CONSOLE_LEFT, NULL);
}

void operators_say(struct operator_session *session, const char *text)
{
    tell(session, CONSOLE_SAYS, text);
}

const struct operator_session *operators_after(const struct operators *operators,
                                               uint64_t number)
{
    const struct operator_session *session = operators->list;
    while (session && session->console <= number)
        session = session->next;
    return session;
}

void operators_card(struct console_card *card, const struct operator_session *session)
{
    *card = (struct console_card){.console = session->console,
                                  .uid = session->uid,
                                  .read_only = session->read_only,
                                  .target = session->target};
}
