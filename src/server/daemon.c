/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/daemon.h"

#include <event2/event.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/log.h"
#include "base/mem.h"
#include "command/command.h"
#include "console/console.h"
#include "console/local.h"
#include "core/exchange.h"
#include "core/hub.h"
#include "server/endpoints.h"
#include "server/settings.h"
#include "transport/loop.h"
#include "transport/signals.h"
#include "transport/transport.h"

enum { EXIT_USAGE = 2 };

struct daemon {
    const struct settings *settings;
    struct loop loop;
    struct hub hub;
    struct switchboard board;
    struct exchange exchange;
    struct local *console; /* NULL with --no-console */
    struct signals *signals;
    struct observer last_close; /* watches for the end of a shutdown */
    struct event *shutdown;     /* begins it, once the present command is answered */
    struct event *deadline;     /* ends it */
    int status;
};

/* --- shutdown --- */

static void close_listeners(struct hub *hub)
{
    while (hub->listeners)
        hub_remove_listener(hub, hub->listeners);
}

static void end_if_empty(struct daemon *daemon)
{
    if (!hub_next(&daemon->hub, NULL))
        loop_stop(&daemon->loop);
}

static void last_close_notice(struct observer *observer, const struct hub_event *event)
{
    (void)event;
    end_if_empty((struct daemon *)((char *)observer - offsetof(struct daemon, last_close)));
}

static void deadline_cb(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct daemon *daemon = context;
    struct hub *hub = &daemon->hub;
    for (struct peer *peer = hub_next(hub, NULL); peer; peer = hub_next(hub, peer))
        hub_detach(hub, peer, CLOSE_SHUTDOWN, NULL);
    end_if_empty(daemon);
}

static void shutdown_cb(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct daemon *daemon = context;
    int64_t drain = daemon->settings->drain;
    if (daemon->hub.shutting_down)
        return;
    daemon->last_close =
        (struct observer){.notice = last_close_notice, .wants = OBSERVER_WANTS(HUB_CLOSE)};
    hub_observe(&daemon->hub, &daemon->last_close);
    hub_shutdown(&daemon->hub);
    close_listeners(&daemon->hub);
    /* For what has no deadline of its own: a file that is still being sent. */
    loop_arm(daemon->deadline, drain);
    end_if_empty(daemon);
}

static void begin_shutdown(void *context)
{
    struct daemon *daemon = context;
    event_active(daemon->shutdown, EV_TIMEOUT, 0);
}

static void terminate(void *context)
{
    struct daemon *daemon = context;
    if (!daemon->hub.shutting_down) {
        begin_shutdown(daemon);
        return;
    }
    daemon->status = EXIT_FAILURE; /* said twice: at once */
    loop_stop(&daemon->loop);
}

static void interrupt(void *context)
{
    struct daemon *daemon = context;
    if (!daemon->console || !local_interrupt(daemon->console))
        terminate(daemon);
}

static void input_ended(void *context)
{
    struct daemon *daemon = context;
    if (daemon->settings->exit_on_eof || local_is_terminal(daemon->console))
        begin_shutdown(daemon);
}

/* --- what commands ask for --- */

static struct listener *prepare(struct daemon *daemon, const char *text, char **error)
{
    struct listener *listener = endpoints_parse(daemon->settings, text, PROFILE_LISTEN, error);
    const char *name = listener ? listener->profile.name : NULL;
    if (!name || !hub_find_listener(&daemon->hub, name))
        return listener;
    *error = mem_printf("the name %s is taken by another listener", name);
    listener_release(listener);
    return NULL;
}

static bool listen_at(void *context, const char *text, const struct listener **result,
                      char **error)
{
    struct daemon *daemon = context;
    struct listener *listener = prepare(daemon, text, error);
    if (!listener)
        return false;
    if (!endpoints_bind(&daemon->board, listener, error)) {
        listener_release(listener);
        return false;
    }
    hub_add_listener(&daemon->hub, listener);
    hub_announce_listener(&daemon->hub, listener);
    *result = listener;
    return true;
}

static bool connect_to(void *context, const char *text, uint64_t *number, char **error)
{
    struct daemon *daemon = context;
    struct hub *hub = &daemon->hub;
    struct listener *call = endpoints_parse(daemon->settings, text, PROFILE_CALL, error);
    if (!call)
        return false;
    const char *name = call->profile.name;
    struct peer *peer = NULL;
    if (name && hub_find_name(hub, name))
        *error = mem_printf("the name %s is taken by another peer", name);
    else
        peer = endpoints_call(&daemon->board, call, error);
    if (peer) {
        *number = peer->number;
        if (name)
            hub_name(hub, peer, name);
    }
    listener_release(call);
    return peer != NULL;
}

/* --- start --- */

/* All endpoints are understood before the first is bound: a usage error binds nothing. */
static bool prepare_all(struct daemon *daemon, char **error)
{
    static const char *const defaults[] = {"tcp://*:9999", "udp://*:21567"};
    const struct settings *settings = daemon->settings;
    bool given = settings->endpoint_count > 0;
    int count = given ? settings->endpoint_count : (int)(sizeof defaults / sizeof *defaults);
    for (int i = 0; i < count; i++) {
        struct listener *listener =
            prepare(daemon, given ? settings->endpoints[i] : defaults[i], error);
        if (!listener)
            return false;
        hub_add_listener(&daemon->hub, listener);
    }
    return true;
}

static bool bind_all(struct daemon *daemon, char **error)
{
    struct listener *listener;
    DL_FOREACH(daemon->hub.listeners, listener)
        if (!endpoints_bind(&daemon->board, listener, error))
            return false;
    return true;
}

/* Returns 0 or the exit status. */
static int listen_all(struct daemon *daemon)
{
    char *error = NULL;
    int status = 0;
    if (!prepare_all(daemon, &error))
        status = EXIT_USAGE;
    else if (!bind_all(daemon, &error))
        status = EXIT_FAILURE;
    if (error)
        log_error("%s", error);
    free(error);
    return status;
}

static void announce_all(struct daemon *daemon)
{
    const struct listener *listener;
    DL_FOREACH(daemon->hub.listeners, listener)
        hub_announce_listener(&daemon->hub, listener);
}

static void open_console(struct daemon *daemon)
{
    const struct settings *settings = daemon->settings;
    if (settings->no_console)
        return;
    const struct console_settings console = {.hub = &daemon->hub,
                                             .exchange = &daemon->exchange,
                                             .commands = command_table,
                                             .number = 1,
                                             .view = settings->view,
                                             .adopt_first = !settings->json,
                                             .patience = settings->drain,
                                             .local_files = true};
    const struct console_hooks hooks = {
        .context = daemon, .end = input_ended, .leaving = begin_shutdown};
    daemon->console = local_create(daemon->loop.base, &console, settings->json, &hooks);
}

static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static void set_limits(struct daemon *daemon)
{
    const struct settings *settings = daemon->settings;
    struct limits *limits = &daemon->hub.limits;
    limits->max_streams = settings->max_peers;
    limits->max_per_host = settings->max_peers_per_host;
    limits->max_datagrams = settings->max_udp_peers;
    for (size_t i = 0; i < settings->access.count; i++)
        access_add(&limits->access, &settings->access.rules[i].cidr,
                   settings->access.rules[i].allow);
    access_compile(&limits->access);
}

static void init(struct daemon *daemon, const struct settings *settings)
{
    raise_descriptor_limit();
    *daemon = (struct daemon){.settings = settings};
    loop_init(&daemon->loop);
    const struct host host = loop_host(&daemon->loop);
    hub_init(
        &daemon->hub, &host,
        &(struct hub_settings){.max_queue = settings->max_queue, .drain = settings->drain});
    daemon->loop.hub = &daemon->hub;
    set_limits(daemon);
    switchboard_init(
        &daemon->board, &daemon->loop, &daemon->hub,
        &(struct transport_settings){.connect_timeout = settings->connect_timeout,
                                     .idle_timeout = settings->idle_timeout,
                                     .udp_idle_timeout = settings->udp_idle_timeout,
                                     .keepalive = settings->keepalive,
                                     .udp_reply_rate = settings->udp_reply_rate});
    daemon->exchange = (struct exchange){.context = daemon,
                                         .listen = listen_at,
                                         .connect = connect_to,
                                         .shutdown = begin_shutdown};
    daemon->shutdown = loop_event(daemon->loop.base, -1, 0, shutdown_cb, daemon, LOOP_OPERATOR);
    daemon->deadline = loop_event(daemon->loop.base, -1, 0, deadline_cb, daemon, LOOP_OPERATOR);
}

static void finish(struct daemon *daemon)
{
    signals_destroy(daemon->signals);
    event_free(daemon->shutdown);
    event_free(daemon->deadline);
    hub_finish(&daemon->hub);
    switchboard_finish(&daemon->board);
    loop_finish(&daemon->loop);
}

static void serve(struct daemon *daemon)
{
    static const struct signals_callbacks callbacks = {
        .terminate = terminate, .interrupt = interrupt, .hang_up = begin_shutdown};
    daemon->signals = signals_create(daemon->loop.base, &callbacks, daemon);
    open_console(daemon);
    announce_all(daemon);
    if (daemon->console)
        local_start(daemon->console);
    loop_run(&daemon->loop);
    /* A signal while the last output goes out means at once, as it does before. */
    size_t left = local_destroy(daemon->console);
    daemon->console = NULL;
    if (left > 0)
        log_error("%zu bytes of output found no reader", left);
    loop_poll(&daemon->loop);
}

int daemon_run(const struct settings *settings)
{
    struct daemon daemon;
    init(&daemon, settings);
    daemon.status = listen_all(&daemon);
    if (daemon.status == 0)
        serve(&daemon);
    finish(&daemon);
    return daemon.status;
}
