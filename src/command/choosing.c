/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/choosing.h"

#include <stdlib.h>

#include "base/cast.h"
#include "command/operator.h"
#include "core/hub.h"

static bool is_here(void *context, const char *name)
{
    return hub_find_name(CAST(hub, context), name);
}

/* Names that nobody has may be of those who are yet to come, or slips. */
static void tell(struct operator_session *session, const struct choosing *choosing)
{
    const struct selection *selection = choosing->get(&session->focus);
    char *text = selection_text(selection);
    char *away = session->hub ? selection_absent(selection, is_here, session->hub) : NULL;
    if (selection->count == 0)
        operator_done(session, "%s", choosing->none);
    else if (away)
        operator_done(session, "%s%s; not on the line: %s", choosing->told, text, away);
    else
        operator_done(session, "%s%s", choosing->told, text);
    free(away);
    free(text);
}

void choosing_answer(struct operator_session *session, const char *words,
                     const struct choosing *choosing)
{
    char *error = NULL;
    if (*words && (!operator_may_select(session, words, &error) ||
                   !choosing->set(&session->focus, words, &error)))
        operator_answer(session, error);
    else
        tell(session, choosing);
}
