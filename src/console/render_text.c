/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/escape.h"
#include "command/command.h"
#include "console/console.h"
#include "console/renderer.h"
#include "console/text_line.h"
#include "console/text_message.h"
#include "console/text_result.h"
#include "core/hub.h"

static void text_end(struct console *console)
{
    text_style_end(console);
    utstring_bincpy(&console->out, "\n", 1);
}

/* "10:27:00 #3 boiler" */
static void text_begin_peer(struct console *console, const struct hub_event *event)
{
    text_time(console, event->time);
    text_style(console, TEXT_NOTICE);
    text_peer(&console->out, event->peer);
}

static void text_begin_notice(struct console *console, const struct hub_event *event)
{
    text_time(console, event->time);
    text_style(console, TEXT_NOTICE);
}

static void text_listening(struct console *console, const struct hub_event *event)
{
    UT_string *out = &console->out;
    text_begin_notice(console, event);
    text_plain(out, event->type == HUB_LISTENING ? "listening on " : "no longer listening on ");
    text_safe(out, event->listener->origin.text);
    text_plain(out, ", ");
    text_listener(out, event->listener);
    text_end(console);
}

static void text_open(struct console *console, const struct hub_event *event)
{
    UT_string *out = &console->out;
    const struct peer *peer = event->peer;
    struct link_description description = {0};
    peer->link->ops->describe(peer->link, &description);
    text_begin_peer(console, event);
    text_plain(out, peer->link->ops->datagram ? " opened: " : " connected: ");
    text_plain(out, peer->link->ops->transport);
    text_plain(out, " ");
    if (description.has_credentials)
        utstring_printf(out, "pid %ld, uid %lu", (long)description.pid,
                        (unsigned long)description.uid);
    else
        text_safe(out, description.remote);
    if (peer->origin->listener) {
        text_plain(out, " on ");
        text_listener(out, peer->origin->listener);
    } else {
        text_plain(out, ", called from here");
    }
    text_end(console);
}

static void text_half_close(struct console *console, const struct hub_event *event)
{
    text_message_rest(console, event);
    text_begin_peer(console, event);
    text_plain(&console->out, " has ended its sending side");
    text_end(console);
}

static void text_close(struct console *console, const struct hub_event *event)
{
    UT_string *out = &console->out;
    text_message_rest(console, event);
    text_begin_peer(console, event);
    text_plain(out, " closed (");
    text_plain(out, close_reason_name(event->close.reason));
    text_plain(out, ")");
    if (event->close.error) {
        text_plain(out, ": ");
        escape_message(out, event->close.error);
    }
    text_plain(out, ", received ");
    text_count(out, event->close.received, "byte", "bytes");
    text_plain(out, ", sent ");
    text_number(out, event->close.sent);
    if (event->close.unsent > 0) {
        text_plain(out, ", ");
        text_number(out, event->close.unsent);
        text_plain(out, " never sent");
    }
    text_plain(out, ", after ");
    text_duration(out, event->close.duration);
    text_end(console);
}

static void text_refused(struct console *console, const struct hub_event *event)
{
    UT_string *out = &console->out;
    text_begin_notice(console, event);
    text_plain(out, "refused ");
    text_safe(out, event->refused.remote);
    if (event->listener) {
        text_plain(out, " on ");
        text_listener(out, event->listener);
    }
    text_plain(out, event->refused.why == REFUSED_ACCESS ? ": the access list"
                                                         : ": a limit is reached");
    if (event->refused.count > 1) {
        text_plain(out, ", and ");
        text_count(out, event->refused.count - 1, "other", "others");
    }
    text_end(console);
}

static void text_name(struct console *console, const struct hub_event *event)
{
    UT_string *out = &console->out;
    text_begin_notice(console, event);
    utstring_printf(out, "#%llu ", (unsigned long long)event->peer->number);
    if (event->peer->name) {
        text_plain(out, "is called ");
        text_safe(out, event->peer->name);
    } else {
        text_plain(out, "has no name any more");
    }
    text_end(console);
}

static void text_file(struct console *console, const struct hub_event *event)
{
    UT_string *out = &console->out;
    text_time(console, event->time);
    text_style(console, event->file.error ? TEXT_ERROR : TEXT_SENT);
    text_peer(out, event->peer);
    text_plain(out, " < file ");
    text_safe(out, event->file.path);
    text_plain(out, event->file.error ? ", broke off after " : ", ");
    text_count(out, event->file.bytes, "byte", "bytes");
    if (event->file.error) {
        text_plain(out, " of ");
        text_number(out, event->file.size);
        text_plain(out, ": ");
        escape_message(out, event->file.error);
    }
    text_end(console);
}

typedef void text_event(struct console *console, const struct hub_event *event);

static text_event *const text_events[HUB_EVENT_TYPES] = {
    [HUB_LISTENING] = text_listening, [HUB_UNLISTENING] = text_listening,
    [HUB_OPEN] = text_open,           [HUB_MESSAGE] = text_message,
    [HUB_SENT] = text_message,        [HUB_HALF_CLOSE] = text_half_close,
    [HUB_CLOSE] = text_close,         [HUB_REFUSED] = text_refused,
    [HUB_NAME] = text_name,           [HUB_FILE] = text_file,
};

static void render_text_event(struct console *console, const struct hub_event *event)
{
    text_events[event->type](console, event);
}

static void render_text_error(struct console *console, const char *command, const char *text)
{
    (void)command;
    text_style(console, TEXT_ERROR);
    text_plain(&console->out, "error: ");
    escape_message(&console->out, text);
    text_end(console);
}

static void render_text_target(struct console *console)
{
    UT_string *out = &console->out;
    const struct operator_session *session = &console->session;
    const struct peer *peer = hub_find(session->hub, session->target);
    text_time(console, console_wall(console));
    text_style(console, TEXT_NOTICE);
    if (peer) {
        text_plain(out, "what is typed now goes to ");
        text_peer(out, peer);
    } else {
        text_plain(out, session->commands == command_client_table
                            ? "nobody is there any more"
                            : "no target: choose one with /to PEER");
    }
    text_end(console);
}

static void render_text_lost(struct console *console, uint64_t messages, uint64_t events)
{
    UT_string *out = &console->out;
    text_style(console, TEXT_ERROR);
    text_plain(out, "not shown, because this console was not read: ");
    text_count(out, messages, "message", "messages");
    text_plain(out, ", ");
    text_count(out, events, "other event", "other events");
    text_end(console);
}

static void render_text_hello(struct console *console, const char *version)
{
    (void)console, (void)version;
}

const struct renderer render_text = {
    .event = render_text_event,
    .result = text_result,
    .error = render_text_error,
    .target = render_text_target,
    .lost = render_text_lost,
    .hello = render_text_hello,
    .forget = text_message_forget,
};
