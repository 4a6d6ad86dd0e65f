/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/console.h"

#include <stdio.h>
#include <string.h>

#include "base/cast.h"
#include "base/log.h"
#include "command/operator_task.h"
#include "command/operators.h"
#include "command/repeats.h"
#include "console/console_focus.h"
#include "console/console_line.h"
#include "console/console_watch.h"
#include "console/renderer.h"
#include "console/text_fold.h"
#include "core/hub.h"
#include "core/told.h"

int64_t console_wall(const struct console *console)
{
    return console->host->wall(console->host->context);
}

void console_hold_input(struct console *console, unsigned reason, bool on)
{
    const unsigned was = console->input_holds;
    console->input_holds = on ? was | reason : was & ~reason;
    if ((was != 0) != (console->input_holds != 0))
        console->front->hold_input(console, console->input_holds != 0);
}

void console_hold(struct console *console, bool on)
{
    console_hold_input(console, CONSOLE_HOLD_ASKED, on);
}

/*
 * Everything that is written begins here: what was skipped is told before anything newer, so
 * that lost stands exactly where events are missing.
 */
static bool begin(struct console *console)
{
    if (console->muted)
        return false;
    if (console->suspended) {
        console->lost_events++;
        return false;
    }
    utstring_clear(&console->out);
    if (console->lost_messages + console->lost_events > 0) {
        console->renderer->lost(console, console->lost_messages, console->lost_events, false);
        console->lost_messages = 0;
        console->lost_events = 0;
    }
    return true;
}

void console_write(struct console *console, const char *data, size_t size)
{
    UT_string *rows = &console->rows;
    if (console->columns == 0) {
        console->front->write(console, data, size);
        return;
    }
    utstring_clear(rows);
    text_fold_lines(rows, data, size, console->columns);
    console->front->write(console, utstring_body(rows), utstring_len(rows));
}

static void console_end(struct console *console)
{
    if (utstring_len(&console->out) > 0)
        console_write(console, utstring_body(&console->out), utstring_len(&console->out));
    if (console->front->backlog(console) <= CONSOLE_BACKLOG_MAX)
        return;
    console_hold_input(console, CONSOLE_HOLD_FULL, true);
    if (console->hold_streams)
        console_watch_hold(console);
}

/* Whether an event finds no room. Answers do not ask. */
static bool is_full(const struct console *console, const struct told *told)
{
    size_t backlog = console->front->backlog(console);
    if (console->hold_streams) {
        bool datagram = told_is_message(told) && told->datagram;
        return (hold_is_on(&console->hold) && datagram) || backlog > CONSOLE_BACKLOG_HELD_MAX;
    }
    bool skipping = console->lost_messages + console->lost_events > 0;
    return backlog > (skipping ? CONSOLE_BACKLOG_LOW : console->backlog_max);
}

static void forget_peer(struct console *console, uint64_t peer)
{
    if (console->renderer->forget && peer != 0)
        console->renderer->forget(console, peer);
}

static void console_skip(struct console *console, const struct told *told)
{
    if (told_is_message(told))
        console->lost_messages++;
    else
        console->lost_events++;
    forget_peer(console, told->peer.number);
}

static void say_answer(struct console *console, enum console_answer answer)
{
    if (console->front->answers)
        console->front->answers(console, answer);
}

void console_tell(struct console *console, const struct told *told)
{
    if (console->muted)
        return;
    if (console_hides(console, told)) {
        if (told->type != HUB_SENT)
            forget_peer(console, told->peer.number);
        return;
    }
    if (console->suspended || is_full(console, told)) {
        console_skip(console, told);
        return;
    }
    begin(console);
    if (told_is_sent_by(told, console->session.console))
        say_answer(console, CONSOLE_ANSWER_SENT);
    console->renderer->event(console, told);
    console_end(console);
}

static void console_result(struct operator_session *session, const struct result *result)
{
    struct console *console = CAST(console, session);
    repeats_worked(session);
    if (!begin(console))
        return;
    say_answer(console, result->more ? CONSOLE_ANSWER_MORE : CONSOLE_ANSWER_LAST);
    console->renderer->result(console, result);
    console_end(console);
}

static void console_error(struct operator_session *session, const char *command,
                          const char *text)
{
    struct console *console = CAST(console, session);
    if (session->repeats)
        session->failures = repeats_failed(session, text);
    if (!begin(console))
        return;
    say_answer(console, CONSOLE_ANSWER_LAST);
    console->renderer->error(console, command, text);
    console_end(console);
}

/* Of what was asked for all is shown that the view lets through, whatever the focus. */
static bool console_again(struct operator_session *session, const struct told *told)
{
    struct console *console = CAST(console, session);
    const bool shown = !told_is_message(told) || operator_view(session, told) != VIEW_NONE;
    if (shown && begin(console)) {
        console->renderer->event(console, told);
        console_end(console);
    }
    return console->front->backlog(console) <= CONSOLE_BACKLOG_LOW;
}

static void console_kept_no_more(struct operator_session *session, uint64_t messages,
                                 uint64_t events)
{
    struct console *console = CAST(console, session);
    if (!begin(console))
        return;
    console->renderer->lost(console, messages, events, true);
    console_end(console);
}

static void tell_target(struct console *console, int64_t time)
{
    const struct directory *directory = console->directory;
    const struct who who = directory->find(directory, console->session.target);
    if (begin(console)) {
        if (console->line != 0 || console->forward)
            say_answer(console, CONSOLE_ANSWER_MORE);
        console->renderer->target(console, time, &who);
        console_end(console);
    }
    if (console->front->changed)
        console->front->changed(console, OPERATOR_TARGET);
}

void console_set_target(struct console *console, uint64_t peer, const char *away, int64_t time)
{
    struct operator_session *session = &console->session;
    session->target = peer;
    snprintf(session->target_name, sizeof session->target_name, "%s", away);
    tell_target(console, time);
}

static void changed(struct operator_session *session, enum operator_change change)
{
    struct console *console = CAST(console, session);
    if (change == OPERATOR_TASK) {
        console_task_changed(console);
        return;
    }
    if (change == OPERATOR_TARGET) {
        tell_target(console, console_wall(console));
        return;
    }
    if (change == OPERATOR_VIEW) {
        console_watch_wants(console);
    }
    if (console->front->changed)
        console->front->changed(console, change);
}

static const struct operator_ops console_ops = {
    .result = console_result,
    .error = console_error,
    .again = console_again,
    .lost = console_kept_no_more,
    .changed = changed,
    .repeat = console_repeat,
};

static struct operator_session session_of(const struct console_settings *settings)
{
    return (struct operator_session){
        .ops = &console_ops,
        .hub = settings->hub,
        .program = settings->program,
        .commands = settings->commands,
        .console = settings->number,
        .view = settings->view,
        .time_form = settings->time_form,
        .read_only = settings->read_only,
        .local_files = settings->local_files,
        .attached = settings->attached,
        .uid = settings->uid,
    };
}

void console_init(struct console *console, const struct console_settings *settings,
                  const struct front_ops *front)
{
    *console = (struct console){
        .session = session_of(settings),
        .task_job = {.run = console_run_task, .part = PART_CONSOLE},
        .host = settings->host,
        .renderer = settings->renderer,
        .directory = settings->directory,
        .front = front,
        .adopt_first = settings->adopt_first,
        .hold_streams = settings->hold_streams,
        .backlog_max = settings->backlog ? settings->backlog : CONSOLE_BACKLOG_MAX,
        .colours = settings->colours,
        .far_end = settings->far_end,
        .leaving_ends = settings->leaving_ends,
        .forward = settings->forward,
        .forward_context = settings->forward_context,
    };
    CAST_INIT(console, console);
    utstring_init(&console->out);
    utstring_init(&console->rows);
    if (settings->operators)
        operators_join(settings->operators, &console->session);
    if (settings->hub)
        console_watch_begin(console, settings->hub);
}

void console_forget(struct console *console)
{
    say_answer(console, CONSOLE_ANSWER_NONE);
    if (console->renderer->forget)
        console->renderer->forget(console, 0);
}

void console_finish(struct console *console)
{
    jobs_forget(&console->task_job);
    repeats_finish(&console->session);
    operator_task_cancel(&console->session);
    console_watch_end(console);
    operators_leave(&console->session);
    focus_finish(&console->session.focus);
    console_forget(console);
    utstring_done(&console->out);
    utstring_done(&console->rows);
}

void console_suspend(struct console *console)
{
    console->suspended = true;
    console_watch_release(console);
    console_hold_input(console, CONSOLE_HOLD_FULL, false);
    console_go_on(console);
}

void console_drained(struct console *console)
{
    console->suspended = false;
    bool lost = console->lost_messages + console->lost_events > 0;
    if (lost && begin(console))
        console_end(console);
    console_watch_release(console);
    log_retry(); /* where it shows what log_error says */
    console_hold_input(console, CONSOLE_HOLD_FULL, false);
    console_go_on(console);
}

void console_lost(struct console *console, uint64_t messages, uint64_t events)
{
    if (console->muted)
        return;
    console_forget(console);
    console->lost_messages += messages;
    console->lost_events += events;
    if (console->suspended)
        return;
    if (console->front->backlog(console) <= CONSOLE_BACKLOG_LOW && begin(console))
        console_end(console);
}

void console_mute(struct console *console)
{
    if (console->muted)
        return;
    console->muted = true;
    console->lost_messages = 0;
    console->lost_events = 0;
    console_forget(console);
    console_watch_wants(console);
    console_watch_release(console);
    console_hold_input(console, CONSOLE_HOLD_FULL, false);
    console_go_on(console);
}

void console_hello(struct console *console, const struct hello *hello)
{
    if (!begin(console))
        return;
    console->renderer->hello(console, hello);
    console_end(console);
}
