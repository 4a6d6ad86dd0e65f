/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/daemon.h"

#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/log.h"
#include "command/command.h"
#include "console/console.h"
#include "console/control.h"
#include "console/diagnostics.h"
#include "console/journal.h"
#include "console/local.h"
#include "core/hub_line.h"
#include "loop/ballast.h"
#include "loop/signals.h"
#include "loop/timeout.h"
#include "server/calling.h"
#include "server/daemon_drain.h"
#include "server/daemon_program.h"
#include "server/daemon_state.h"
#include "server/listening.h"
#include "server/metrics.h"
#include "server/reload.h"
#include "server/service.h"
#include "server/settings.h"
#include "transport/calls.h"
#include "transport/patching.h"

/* --- shutdown --- */

static void end_if_empty(struct daemon *daemon)
{
    if (hub_living(&daemon->hub) == 0)
        loop_stop(&daemon->loop);
}

static void last_close_notice(struct observer *observer, const struct hub_event *event)
{
    (void)event;
    end_if_empty(container_of(observer, struct daemon, last_close));
}

static void deadline_cb(void *context)
{
    struct daemon *daemon = CAST(daemon, context);
    struct hub *hub = &daemon->hub;
    for (struct peer *peer = hub_next(hub, NULL); peer; peer = hub_next(hub, peer))
        hub_detach(hub, peer, CLOSE_SHUTDOWN, NULL);
    end_if_empty(daemon);
}

static void shut_down(struct job *job)
{
    struct daemon *daemon = container_of(job, struct daemon, shutdown);
    int64_t drain = daemon->settings->live.hub.drain;
    if (daemon->hub.shutting_down)
        return;
    daemon->last_close =
        (struct observer){.notice = last_close_notice, .wants = OBSERVER_WANTS(HUB_CLOSE)};
    if (daemon->console)
        local_ending(daemon->console);
    service_stopping(daemon->service);
    audience_join(&daemon->hub.audience, &daemon->last_close);
    reload_destroy(daemon->reload);
    daemon->reload = NULL;
    control_stop(daemon->control);
    hub_shutdown(&daemon->hub);
    listening_stop(&daemon->hub);
    /* For what has no deadline of its own: a file that is still being sent. */
    timeout_set(daemon->deadline, drain);
    daemon->ends = loop_clock() + drain;
    daemon->drain = daemon_drain_create(daemon);
    end_if_empty(daemon);
}

static void begin_shutdown(void *context)
{
    struct daemon *daemon = CAST(daemon, context);
    loop_defer(&daemon->loop, &daemon->shutdown);
}

static void terminate(void *context)
{
    struct daemon *daemon = CAST(daemon, context);
    if (!daemon->hub.shutting_down) {
        begin_shutdown(daemon);
        return;
    }
    daemon->status = EXIT_FAILURE; /* said twice: at once */
    loop_stop(&daemon->loop);
}

static void interrupt(void *context)
{
    struct daemon *daemon = CAST(daemon, context);
    if (!daemon->console || !local_interrupt(daemon->console))
        terminate(daemon);
}

/* A port that nobody has given is nowhere else to be seen without a console. */
static enum journal_extent journal_extent(const struct settings *settings)
{
    if (settings->live.log_events)
        return JOURNAL_ALL;
    return settings->no_console ? JOURNAL_PORTS : JOURNAL_NOTHING;
}

static void reloaded(void *context, bool good)
{
    const struct daemon *daemon = CAST(daemon, context);
    journal_set(daemon->journal, journal_extent(daemon->settings));
    service_ready(daemon->service,
                  good ? "Serving" : "Serving; the file could not be read again, see the log");
}

/* What the file says now counts, also where the one before still waits for names. */
static void reload(struct daemon *daemon)
{
    const struct reload_parts parts = {.settings = daemon->settings,
                                       .hub = &daemon->hub,
                                       .board = &daemon->board,
                                       .passed = &daemon->passed,
                                       .standing = &daemon->standing,
                                       .calls = daemon->calls,
                                       .ended = reloaded,
                                       .context = daemon};
    service_reloading(daemon->service);
    reload_destroy(daemon->reload);
    daemon->reload = reload_begin(&parts);
}

/*
 * SIGHUP. With --config it asks for the file; a terminal that has hung up shows that by itself,
 * as the end of input. Without, that is what it tells of, and where others may attach it ends
 * nothing.
 */
static void hang_up(void *context)
{
    struct daemon *daemon = CAST(daemon, context);
    if (daemon->hub.shutting_down)
        return;
    if (daemon->settings->config)
        reload(daemon);
    else if (!control_listens(daemon->control))
        begin_shutdown(daemon);
}

static void input_ended(void *context)
{
    struct daemon *daemon = CAST(daemon, context);
    const struct settings *settings = daemon->settings;
    /* A lost terminal can be replaced where others may attach; and nohup means it. */
    bool lost = local_hung_up(daemon->console) &&
                (control_listens(daemon->control) || signals_is_ignored(SIGHUP));
    if (settings->exit_on_eof || (local_is_terminal(daemon->console) && !lost)) {
        begin_shutdown(daemon);
    } else if (lost) {
        local_destroy(daemon->console);
        daemon->console = NULL;
    }
}

/* --- start --- */

static void open_console(struct daemon *daemon)
{
    const struct settings *settings = daemon->settings;
    if (settings->no_console)
        return;
    const struct console_settings console = {.hub = &daemon->hub,
                                             .program = &daemon->program,
                                             .commands = command_table,
                                             .number = 1,
                                             .view = settings->view,
                                             .time_form = settings->time_form,
                                             .adopt_first = !settings->json,
                                             .patience = settings->live.hub.drain,
                                             .local_files = true,
                                             .operators = &daemon->operators,
                                             .uid = geteuid(),
                                             .leaving_ends = true};
    const struct console_hooks hooks = {
        .context = daemon, .end = input_ended, .leaving = begin_shutdown};
    daemon->console = local_create(&daemon->loop, &console, settings->json, &hooks);
}

static void open_control(struct daemon *daemon)
{
    const struct settings *settings = daemon->settings;
    const struct control_settings control = {
        .loop = &daemon->loop,
        .poller = daemon->board.streams.poller,
        .console = {.hub = &daemon->hub,
                    .operators = &daemon->operators,
                    .program = &daemon->program,
                    .commands = command_table,
                    .number = settings->no_console ? 1 : 2,
                    .patience = settings->live.hub.drain},
        .version = TELEX_VERSION,
    };
    daemon->control = control_create(&control);
}

static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static void memory_short(void *context)
{
    hub_memory_short(CAST(hub, context));
}

static void init(struct daemon *daemon)
{
    raise_descriptor_limit();
    loop_init(&daemon->loop);
    daemon->diagnostics = diagnostics_create(&daemon->loop);
    const struct host host = loop_host(&daemon->loop);
    hub_init(&daemon->hub, &host, &(struct hub_settings){0});
    switchboard_init(&daemon->board, &daemon->loop, &daemon->hub,
                     &(struct transport_settings){0});
    daemon->ballast = ballast_create(&daemon->loop, memory_short, &daemon->hub);
    daemon->calls = calls_create(&daemon->board);
    daemon->patching = patching_create(&daemon->board);
    reload_apply(daemon->settings, &daemon->hub, &daemon->board);
    daemon->service = service_create(&daemon->loop);
    daemon_program_init(daemon, begin_shutdown);
    open_control(daemon);
    daemon->shutdown = (struct job){.run = shut_down, .part = PART_CONSOLE};
    daemon->deadline =
        timeout_create(&daemon->loop, LOOP_OPERATOR, PART_CONSOLE, deadline_cb, daemon);
}

static void finish(struct daemon *daemon)
{
    reload_destroy(daemon->reload);
    control_destroy(daemon->control, 0);
    journal_destroy(daemon->journal);
    service_destroy(daemon->service);
    metrics_destroy(daemon->metrics);
    /* It ends at once, and with its own status, however often it is told to. */
    signals_hold(SIGTERM, true);
    signals_hold(SIGINT, true);
    signals_destroy(daemon->signals);
    ballast_destroy(daemon->ballast);
    timeout_destroy(daemon->deadline);
    daemon_drain_destroy(daemon->drain);
    patching_destroy(daemon->patching);
    calls_destroy(daemon->calls);
    hub_finish(&daemon->hub);
    switchboard_finish(&daemon->board);
    diagnostics_destroy(daemon->diagnostics);
    loop_finish(&daemon->loop);
}

/* What the readers of consoles get: what is left of --drain, which all share; none where a
 * second signal has come. */
static int64_t patience_left(const struct daemon *daemon)
{
    int64_t left = daemon->ends - loop_clock();
    return daemon->status == 0 && left > 0 ? left : 0;
}

static void serve(struct daemon *daemon)
{
    static const struct signals_callbacks callbacks = {
        .terminate = terminate, .interrupt = interrupt, .hang_up = hang_up};
    daemon->signals = signals_create(&daemon->loop, &callbacks, daemon);
    open_console(daemon);
    daemon->journal = journal_create(&daemon->hub, journal_extent(daemon->settings));
    listening_announce(&daemon->hub);
    if (daemon->console) {
        local_greet(daemon->console);
        local_start(daemon->console);
    }
    control_start(daemon->control);
    calling_start(daemon->settings, daemon->calls);
    service_ready(daemon->service, "Serving");
    signals_hold(SIGHUP, false);
    loop_run(&daemon->loop);
    signals_hold(SIGHUP, true);
    /* A signal while the last output goes out means at once, as it does before. */
    control_destroy(daemon->control, patience_left(daemon));
    daemon->control = NULL;
    if (daemon->console)
        local_set_patience(daemon->console, patience_left(daemon));
    size_t left = local_destroy(daemon->console);
    daemon->console = NULL;
    if (left > 0)
        log_error("%zu bytes of output found no reader", left);
    loop_poll(&daemon->loop);
}

/* Everything is bound, or nothing. Returns 0, or the exit status with *error. */
static bool bind_controls(struct daemon *daemon, char **error)
{
    const struct settings *settings = daemon->settings;
    for (size_t i = 0; i < daemon->passed.control_count; i++)
        if (!control_adopt(daemon->control, daemon->passed.controls[i].fd, error))
            return false;
    for (size_t i = 0; i < settings->control_count; i++)
        if (!control_bind(daemon->control, &settings->controls[i], error))
            return false;
    return true;
}

/* Returns 0 or the exit status. */
static int bind_everything(struct daemon *daemon, char **error)
{
    const struct settings *settings = daemon->settings;
    int status = listening_start(settings, &daemon->passed, &daemon->hub, &daemon->board,
                                 &daemon->standing, error);
    if (status == 0 && (!calling_check(settings, error) || !bind_controls(daemon, error)))
        status = EXIT_FAILURE;
    if (status != 0 || !settings->metrics)
        return status;
    daemon->metrics =
        metrics_create(&daemon->board.streams, &daemon->hub, settings->metrics, error);
    return daemon->metrics ? 0 : EXIT_FAILURE;
}

static int run(struct daemon *daemon, char **error)
{
    int status = bind_everything(daemon, error);
    if (status == 0)
        serve(daemon);
    return status == 0 ? daemon->status : status;
}

int daemon_run(struct settings *settings)
{
    struct daemon daemon = {.settings = settings};
    CAST_INIT(daemon, &daemon);
    char *error = NULL;
    int status = EXIT_FAILURE;
    /* Before anything is opened: a descriptor that should be there and is not would be ours. */
    if (passed_take(&daemon.passed, &error)) {
        init(&daemon);
        status = run(&daemon, &error);
        finish(&daemon);
    }
    standing_finish(&daemon.standing);
    passed_finish(&daemon.passed);
    if (error)
        log_error("%s", error);
    free(error);
    return status;
}
