/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/escape.h"
#include "command/operator_target.h"
#include "console/console.h"
#include "console/renderer.h"
#include "console/text_entry.h"
#include "console/text_line.h"
#include "console/text_message.h"
#include "console/text_result.h"
#include "console/text_to.h"
#include "core/modem.h"
#include "core/told.h"

/* What happened on a line, or to none in particular; of many daemons, to which. */
static struct text_entry text_begin(struct console *console, const struct told *told,
                                    const struct who *peer)
{
    struct text_entry entry = {.time = told->time,
                               .peer = peer,
                               .label = peer ? NULL : told->peer.node,
                               .style = TEXT_NOTICE};
    text_entry_begin(console, &entry);
    return entry;
}

static void text_listening(struct console *console, const struct told *told)
{
    UT_string *out = &console->out;
    const struct text_entry entry = text_begin(console, told, NULL);
    text_plain(out, told->type == HUB_LISTENING ? "listening on " : "no longer listening on ");
    text_safe(out, told->endpoint);
    text_plain(out, ", ");
    text_listener(out, &told->listener);
    if (told->fingerprint && told->type == HUB_LISTENING) {
        text_plain(out, ", certificate ");
        text_safe(out, told->fingerprint);
    }
    text_entry_end(console, &entry);
}

/* How it is locked, and who says to be at the other end. */
static void open_tls(UT_string *out, const struct tls_facts *tls)
{
    const char *who = tls->subject ? tls->subject : tls->psk_identity;
    if (!tls->version)
        return;
    text_plain(out, ", ");
    text_safe(out, tls->version);
    if (!who)
        return;
    text_plain(out, " with ");
    text_safe(out, who);
}

static void text_open(struct console *console, const struct told *told)
{
    UT_string *out = &console->out;
    const struct where *where = &told->open;
    const struct text_entry entry = text_begin(console, told, &told->peer);
    text_plain(out, told->datagram ? "opened: " : "connected: ");
    text_plain(out, where->transport);
    text_plain(out, " ");
    text_remote(out, where);
    if (where->listener.number != 0) {
        text_plain(out, " on ");
        text_listener(out, &where->listener);
    } else {
        text_plain(out, ", called from here");
    }
    open_tls(out, &where->tls);
    text_entry_end(console, &entry);
}

static void text_half_close(struct console *console, const struct told *told)
{
    text_message_rest(console, told);
    const struct text_entry entry = text_begin(console, told, &told->peer);
    text_plain(&console->out, "has ended its sending side");
    text_entry_end(console, &entry);
}

static void text_note(struct console *console, const struct told *told)
{
    const struct text_entry entry = text_begin(console, told, &told->peer);
    text_plain(&console->out, "note: ");
    text_safe(&console->out, told->note);
    text_entry_end(console, &entry);
}

static void text_lines(struct console *console, const struct told *told)
{
    const struct text_entry entry = text_begin(console, told, &told->peer);
    modem_print(&console->out, MODEM_THEIRS, told->lines);
    text_entry_end(console, &entry);
}

static void close_why(UT_string *out, const struct line_end *close)
{
    text_plain(out, "closed (");
    text_safe(out, close->word ? close->word : close_reason_name(close->reason));
    text_plain(out, ")");
    if (close->error) {
        text_plain(out, ": ");
        escape_message(out, close->error);
    }
}

static void close_status(UT_string *out, struct exit_status status)
{
    if (status.how == EXIT_UNKNOWN)
        return;
    text_plain(out, ", ");
    exit_status_print(out, status);
}

static void close_bytes(UT_string *out, const struct line_end *close)
{
    text_plain(out, ", received ");
    text_count(out, close->received, "byte", "bytes");
    text_plain(out, ", sent ");
    text_number(out, close->sent);
    if (close->unsent > 0) {
        text_plain(out, ", ");
        text_number(out, close->unsent);
        text_plain(out, " never sent");
    }
}

/* Who is called again and again, and is never there, is told of once. */
static void text_close(struct console *console, const struct told *told)
{
    UT_string *out = &console->out;
    const bool told_by_caller = told->close.unopened && console->far_end;
    if (told->close.repeated || told_by_caller)
        return;
    text_message_rest(console, told);
    const struct text_entry entry = text_begin(console, told, &told->peer);
    close_why(out, &told->close);
    close_status(out, told->close.status);
    close_bytes(out, &told->close);
    text_plain(out, ", after ");
    text_duration(out, told->close.duration);
    if (told->close.again > 0)
        text_plain(out, "; it is called again");
    text_entry_end(console, &entry);
}

static void text_refused(struct console *console, const struct told *told)
{
    static const char *const reasons[REFUSALS] = {[REFUSED_ACCESS] = "the access list",
                                                  [REFUSED_LIMIT] = "a limit is reached",
                                                  [REFUSED_PROXY] =
                                                      "no header of a proxy that is trusted",
                                                  [REFUSED_HANDSHAKE] = "the handshake failed"};
    UT_string *out = &console->out;
    const struct text_entry entry = text_begin(console, told, NULL);
    text_plain(out, "refused ");
    text_safe(out, told->refused.remote);
    if (told->listener.number != 0) {
        text_plain(out, " on ");
        text_listener(out, &told->listener);
    }
    text_plain(out, ": ");
    text_safe(out, told->refused.word ? told->refused.word : reasons[told->refused.why]);
    if (told->refused.error) {
        text_plain(out, ": ");
        text_safe(out, told->refused.error);
    }
    if (told->refused.count > 1) {
        text_plain(out, ", and ");
        text_count(out, told->refused.count - 1, "other", "others");
    }
    text_entry_end(console, &entry);
}

static void text_name(struct console *console, const struct told *told)
{
    UT_string *out = &console->out;
    const struct who number = {.number = told->peer.number, .node = told->peer.node};
    text_entry_expect(console, &told->peer);
    const struct text_entry entry = text_begin(console, told, &number);
    if (told->peer.name) {
        text_plain(out, "is called ");
        text_safe(out, told->peer.name);
    } else {
        text_plain(out, "has no name any more");
    }
    text_entry_end(console, &entry);
}

static void text_file(struct console *console, const struct told *told)
{
    UT_string *out = &console->out;
    struct text_entry entry = {.time = told->time,
                               .peer = &told->peer,
                               .mark = TEXT_MARK_SENT,
                               .style = told->file.error ? TEXT_ERROR : TEXT_NORMAL};
    text_entry_begin(console, &entry);
    text_plain(out, "file ");
    text_safe(out, told->file.path);
    text_plain(out, told->file.error ? ", broke off after " : ", ");
    text_count(out, told->file.bytes, "byte", "bytes");
    if (told->file.error) {
        text_plain(out, " of ");
        text_number(out, told->file.size);
        text_plain(out, ": ");
        escape_message(out, told->file.error);
    }
    text_entry_end(console, &entry);
}

static void text_console(struct console *console, const struct told *told)
{
    static const char *const states[CONSOLE_STATES] = {[CONSOLE_ATTACHED] = " has attached",
                                                       [CONSOLE_LEFT] = " has left",
                                                       [CONSOLE_SAYS] = " says: "};
    UT_string *out = &console->out;
    const struct console_news *news = &told->console;
    const struct text_entry entry = text_begin(console, told, NULL);
    utstring_printf(out, "console %u%s", news->console, states[news->state]);
    if (news->state == CONSOLE_SAYS)
        text_safe(out, news->text);
    else if (news->state == CONSOLE_ATTACHED)
        utstring_printf(out, " (uid %u%s)", (unsigned)news->uid,
                        news->read_only ? ", read-only" : "");
    text_entry_end(console, &entry);
}

typedef void text_event(struct console *console, const struct told *told);

static text_event *const text_events[HUB_EVENT_TYPES] = {
    [HUB_LISTENING] = text_listening, [HUB_UNLISTENING] = text_listening,
    [HUB_OPEN] = text_open,           [HUB_MESSAGE] = text_message,
    [HUB_SENT] = text_message,        [HUB_HALF_CLOSE] = text_half_close,
    [HUB_NOTE] = text_note,           [HUB_CLOSE] = text_close,
    [HUB_REFUSED] = text_refused,     [HUB_NAME] = text_name,
    [HUB_FILE] = text_file,           [HUB_CONSOLE] = text_console,
    [HUB_JOIN] = text_to_event,       [HUB_PART] = text_to_event,
    [HUB_LINE] = text_lines,
};

static void render_text_event(struct console *console, const struct told *told)
{
    text_events[told->type](console, told);
}

static void text_end(struct console *console)
{
    text_style_end(console);
    text_plain(&console->out, "\n");
}

/* One that comes again and again is said the 1st, the 10th, the 100th time. */
static bool is_worth_saying(uint64_t times)
{
    while (times >= 10 && times % 10 == 0)
        times /= 10;
    return times <= 1;
}

/* "every 2: ", "every 2, 10 times in a row: " */
static void text_repeat(UT_string *out, const struct operator_session *session)
{
    utstring_printf(out, "every %u", session->every);
    if (session->failures > 1) {
        text_plain(out, ", ");
        text_number(out, session->failures);
        text_plain(out, " times in a row");
    }
    text_plain(out, ": ");
}

static void render_text_error(struct console *console, const char *command, const char *text)
{
    const struct operator_session *session = &console->session;
    (void)command;
    if (session->every && !is_worth_saying(session->failures))
        return;
    text_style(console, TEXT_ERROR);
    text_plain(&console->out, "error: ");
    if (session->every)
        text_repeat(&console->out, session);
    escape_message(&console->out, text);
    text_end(console);
}

static void render_text_target(struct console *console, int64_t time, const struct who *peer)
{
    UT_string *out = &console->out;
    struct text_entry entry = {.time = time, .style = TEXT_NOTICE};
    if (console->far_end) /* there is no choice */
        return;
    text_entry_begin(console, &entry);
    if (peer->number != 0) {
        text_plain(out, "what is typed now goes to ");
        text_peer(out, peer);
    } else if (operator_target_is_away(&console->session)) {
        text_safe(out, console->session.target_name);
        text_plain(out, " is away, and the target again when it is back");
    } else {
        text_plain(out, "no target: choose one with /to PEER");
    }
    text_entry_end(console, &entry);
}

static void render_text_lost(struct console *console, uint64_t messages, uint64_t events,
                             bool gone)
{
    UT_string *out = &console->out;
    text_style(console, TEXT_ERROR);
    text_plain(out, gone ? "not in the history any more: "
                         : "not shown, because this console was not read: ");
    text_count(out, messages, "message", "messages");
    text_plain(out, ", ");
    text_count(out, events, "other event", "other events");
    text_end(console);
}

static void render_text_hello(struct console *console, const struct hello *hello)
{
    (void)console, (void)hello;
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
