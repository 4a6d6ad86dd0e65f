/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/attach.h"

#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/log.h"
#include "base/mem.h"
#include "client/attach_find.h"
#include "client/attach_focus.h"
#include "client/attach_say.h"
#include "client/attach_settings.h"
#include "client/attach_state.h"
#include "client/attach_talk.h"
#include "client/redial.h"
#include "client/uplink.h"
#include "command/command.h"
#include "console/console.h"
#include "console/diagnostics.h"
#include "console/local.h"
#include "loop/signals.h"
#include "loop/timeout.h"

/* Microseconds. */
enum {
    PAUSE_FIRST = 100000, /* between two tries to come back */
    PAUSE_MAX = 3000000,
    REFRESH = 500000,  /* from what made that old to asking how things are */
    SILENCE = 2000000, /* of a daemon, until that is said */
};

/* --- the connection --- */

/* What a console knows that was there from the beginning; and then what it has shown. */
static void ask_all(struct attach *attach, const struct follow_hello *hello)
{
    const struct attach_settings *settings = attach->settings;
    struct catch_up *catch_up = &attach->follow.catch_up;
    char *line = catch_up_begin(catch_up, hello->run, hello->seq,
                                settings->only ? settings->only : "*", settings->history);
    attach_talk_ask(attach, "/listeners", REQUEST_QUIET);
    attach_talk_ask(attach, "/peers", line ? REQUEST_QUIET : REQUEST_READY);
    if (line)
        attach_talk_ask(attach, line, REQUEST_READY);
    free(line);
}

static void greeted(void *context, const struct follow_hello *hello)
{
    struct attach *attach = CAST(attach, context);
    struct operator_session *session = &attach_state_console(attach)->session;
    session->console = hello->console;
    session->read_only = hello->read_only;
    free(attach->version);
    attach->version = mem_strdup(hello->version);
    attach->anew = attach->before && strcmp(attach->follow.catch_up.run, hello->run) != 0;
    if (attach->read_only)
        attach_talk_ask(attach, "/read-only", REQUEST_READ_ONLY);
    attach_focus_ask(attach);
    ask_all(attach, hello);
}

/*
 * Peers may have come and gone. Where a daemon tells more than can be taken, asking at once,
 * and again before that is answered, would only make it more.
 */
static void lost_events(void *context)
{
    struct attach *attach = CAST(attach, context);
    timeout_start(attach->refresh, REFRESH);
}

static void refresh_cb(void *context)
{
    struct attach *attach = CAST(attach, context);
    bool asked = attach->requests.count > attach->requests.typed;
    if (!attach->ready)
        return;
    if (asked) {
        timeout_set(attach->refresh, REFRESH);
        return;
    }
    attach_talk_ask(attach, "/listeners", REQUEST_QUIET);
    attach_talk_ask(attach, "/peers", REQUEST_QUIET);
}

static bool receive(void *context, const char *line, size_t size)
{
    struct attach *attach = CAST(attach, context);
    char *error = NULL;
    if (follow_line(&attach->follow, line, size, &error))
        return true;
    log_error("%s: %s", attach->path, error);
    free(error);
    attach_state_leave(attach, EXIT_FAILURE);
    return false;
}

/* Nobody waits to come back: the daemon was to end, or nobody is there to come back. */
static bool ends_with_connection(struct attach *attach)
{
    if (attach->shutdown_said)
        attach_say(attach, "telexd has ended");
    else if (!attach->before)
        log_error("cannot attach to %s: it closed the connection", attach->path);
    else if (!attach->input_ended)
        return false;
    bool good = attach->before && !attach->unanswered && !attach->undone;
    attach_state_leave(attach, good ? EXIT_SUCCESS : EXIT_FAILURE);
    return true;
}

static void lost(void *context)
{
    struct attach *attach = CAST(attach, context);
    const bool was_ready = attach->ready;
    uplink_destroy(attach->uplink);
    attach->uplink = NULL;
    attach->ready = false;
    attach->unanswered |= attach->requests.typed > 0;
    attach_say_unanswered(attach);
    bool ends = ends_with_connection(attach);
    requests_clear(&attach->requests);
    if (ends)
        return;
    if (!attach->loss_said)
        attach_say(attach, "the connection to telexd was lost; trying again");
    attach->loss_said = true;
    follow_reset(&attach->follow);
    attach_talk_pace(attach);
    redial_later(attach->redial, was_ready);
}

static void drained(void *context)
{
    attach_talk_pace(context);
}

static bool connect_uplink(struct attach *attach)
{
    const struct uplink_hooks hooks = {
        .context = attach, .line = receive, .lost = lost, .drained = drained};
    attach->uplink = uplink_create(&attach->loop, attach->path, &hooks);
    if (attach->uplink)
        timeout_set(attach->silence, SILENCE);
    return attach->uplink != NULL;
}

static bool connect_first(void *context)
{
    return connect_uplink(CAST(attach, context));
}

static void connect_again(void *context)
{
    struct attach *attach = CAST(attach, context);
    if (!connect_uplink(attach))
        redial_later(attach->redial, false);
}

static void silence_cb(void *context)
{
    struct attach *attach = CAST(attach, context);
    if (attach->uplink && !attach->ready)
        log_error("telexd at %s does not answer yet", attach->path);
}

/* --- the operator's end --- */

static void quit_cb(void *context)
{
    attach_state_leave(context, EXIT_SUCCESS);
}

/* Ctrl-D, or the end of a script: then what it asked for is answered first. */
static void input_ended(void *context)
{
    struct attach *attach = CAST(attach, context);
    attach->input_ended = true;
    if (local_is_terminal(attach->local))
        attach_state_leave(attach, EXIT_SUCCESS);
    else if (!attach->ready)
        attach_state_leave(attach,
                           attach->unanswered || attach->undone ? EXIT_FAILURE : EXIT_SUCCESS);
    else
        attach_talk_ask(attach, "/quit", REQUEST_QUIET);
}

static void terminate(void *context)
{
    struct attach *attach = CAST(attach, context);
    attach->killed_by = signals_last(attach->signals);
    attach_state_leave(attach, EXIT_FAILURE);
}

static void interrupt(void *context)
{
    struct attach *attach = CAST(attach, context);
    if (!attach->local || !local_interrupt(attach->local))
        terminate(attach);
}

/* --- putting together --- */

static void open_console(struct attach *attach)
{
    const struct attach_settings *settings = attach->settings;
    const struct console_hooks hooks = {
        .context = attach, .end = input_ended, .broken = settings->follow ? quit_cb : NULL};
    const struct console_settings console = {.host = &attach->host,
                                             .directory = &attach->follow.known.directory,
                                             .commands = command_table,
                                             .view = settings->view,
                                             .time_form = settings->time_form,
                                             .no_input = settings->follow,
                                             .patience = -1,
                                             .forward = attach_talk_forward,
                                             .forward_context = attach};
    attach->local = local_create(&attach->loop, &console, false, &hooks);
    attach->follow.console = attach_state_console(attach);
    attach_focus_begin(attach);
}

static void init(struct attach *attach, const struct attach_settings *settings)
{
    const struct follow_hooks hooks = {.context = attach,
                                       .hello = greeted,
                                       .answer = attach_talk_answered,
                                       .again = attach_talk_again,
                                       .asks_for_all = attach_talk_asks_for_all,
                                       .lost = lost_events};
    *attach = (struct attach){.settings = settings, .read_only = settings->read_only};
    CAST_INIT(attach, attach);
    loop_init(&attach->loop);
    attach->host = loop_host(&attach->loop);
    attach->diagnostics = diagnostics_create(&attach->loop);
    follow_init(&attach->follow, &hooks);
    attach->redial =
        redial_create(&attach->loop, PAUSE_FIRST, PAUSE_MAX, connect_again, attach);
    attach->refresh =
        timeout_create(&attach->loop, LOOP_OPERATOR, PART_CONSOLE, refresh_cb, attach);
    attach->silence =
        timeout_create(&attach->loop, LOOP_OPERATOR, PART_CONSOLE, silence_cb, attach);
    attach->quit = timeout_create(&attach->loop, LOOP_OPERATOR, PART_CONSOLE, quit_cb, attach);
}

/* Modes of the terminal are restored here. A signal ends the wait for a reader of output. */
static void close_console(struct attach *attach)
{
    size_t left = local_destroy(attach->local);
    attach->local = NULL;
    if (left > 0) {
        log_error("%zu bytes of output found no reader", left);
        attach->status = EXIT_FAILURE;
    }
}

static void finish(struct attach *attach)
{
    close_console(attach);
    uplink_destroy(attach->uplink);
    requests_clear(&attach->requests);
    redial_destroy(attach->redial);
    timeout_destroy(attach->refresh);
    timeout_destroy(attach->silence);
    timeout_destroy(attach->quit);
    loop_poll(&attach->loop); /* for a signal that came last */
    signals_destroy(attach->signals);
    follow_finish(&attach->follow);
    free(attach->version);
    diagnostics_destroy(attach->diagnostics);
    loop_finish(&attach->loop);
}

static void attend(struct attach *attach)
{
    static const struct signals_callbacks callbacks = {
        .terminate = terminate, .interrupt = interrupt, .hang_up = terminate};
    attach->signals = signals_create(&attach->loop, &callbacks, attach);
    open_console(attach);
    loop_run(&attach->loop);
}

int attach_run(const struct attach_settings *settings)
{
    struct attach attach;
    init(&attach, settings);
    if (attach_find(settings, &attach.path, connect_first, &attach))
        attend(&attach);
    else
        attach.status = EXIT_FAILURE;
    finish(&attach);
    if (attach.killed_by)
        signals_die(attach.killed_by);
    return attach.status;
}
