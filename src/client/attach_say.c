/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/attach_say.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/log.h"
#include "base/mem.h"
#include "client/attach_node.h"
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
    else if (attach->begun)
        log_error("%s", text);
    free(text);
}

void attach_say_refusal(struct attach *attach, const char *command, const char *text)
{
    struct operator_session *session = &attach_state_console(attach)->session;
    session->ops->error(session, command, text);
}

void attach_say_attached(const struct node *node, const char *path)
{
    struct attach *attach = node->attach;
    const struct console *console = attach_state_console(attach);
    const size_t count = known_peers(&node->follow.known);
    const bool found = attach->settings->tries_service;
    char *version = escape_string(node->version);
    char *where = escape_string(found ? path : "");
    attach_say(attach, "attached%s to telexd %s%s%s%s as console %u%s: %zu %s on the line%s",
               node->before ? " again" : "", version, found ? " at " : "", where,
               node->anew ? ", which was started anew," : "", console->session.console,
               console->session.read_only ? ", read-only" : "", count,
               count == 1 ? "peer" : "peers", count > 0 ? ", see /peers" : "");
    free(version);
    free(where);
}

void attach_say_unanswered(const struct node *node)
{
    const struct request *request;
    DL_FOREACH(node->requests.list, request) {
        if (request->kind != REQUEST_TYPED)
            continue;
        char *text = mem_printf("the connection was lost before %s was answered: it may be "
                                "done or not",
                                request->line);
        attach_say_refusal(node->attach, NULL, text);
        free(text);
    }
    node->attach->unanswered |= node->requests.typed > 0;
}
