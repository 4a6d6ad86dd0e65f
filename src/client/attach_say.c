/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/attach_say.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/log.h"
#include "base/mem.h"
#include "client/attach_settings.h"
#include "client/attach_state.h"
#include "console/console.h"
#include "console/local.h"
#include "console/text_entry.h"

void attach_say(struct attach *attach, const char *format, ...)
{
    struct console *console = attach_state_console(attach);
    va_list arguments;
    va_start(arguments, format);
    char *text = mem_vprintf(format, arguments);
    va_end(arguments);
    if (local_is_terminal(attach->local))
        text_entry_notice(console, console_wall(console), text);
    else if (attach->before)
        log_error("%s", text);
    free(text);
}

void attach_say_refusal(struct attach *attach, const char *command, const char *text)
{
    struct operator_session *session = &attach_state_console(attach)->session;
    session->ops->error(session, command, text);
}

void attach_say_attached(struct attach *attach)
{
    const struct console *console = attach_state_console(attach);
    const size_t count = known_peers(&attach->follow.known);
    char *version = escape_string(attach->version);
    char *where = escape_string(attach->settings->tries_service ? attach->path : "");
    attach_say(attach, "attached%s to telexd %s%s%s%s as console %u%s: %zu %s on the line%s",
               attach->before ? " again" : "", version,
               attach->settings->tries_service ? " at " : "", where,
               attach->anew ? ", which was started anew," : "", console->session.console,
               console->session.read_only ? ", read-only" : "", count,
               count == 1 ? "peer" : "peers", count > 0 ? ", see /peers" : "");
    free(version);
    free(where);
}

void attach_say_unanswered(struct attach *attach)
{
    const struct request *request;
    DL_FOREACH(attach->requests.list, request) {
        if (request->kind != REQUEST_TYPED)
            continue;
        char *text = mem_printf("the connection was lost before %s was answered: it may be "
                                "done or not",
                                request->line);
        attach_say_refusal(attach, NULL, text);
        free(text);
    }
}
