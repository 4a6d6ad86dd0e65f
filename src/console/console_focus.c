/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/console_focus.h"

#include "console/console.h"
#include "console/renderer.h"
#include "core/told.h"

bool console_hides(const struct console *console, const struct told *told)
{
    const struct operator_session *session = &console->session;
    const bool message = told_is_message(told);
    if (message && operator_view(session, told) == VIEW_NONE)
        return true;
    return (message || !console->renderer->tells_all_peers) &&
           focus_hides(&session->focus, told, session->console);
}
