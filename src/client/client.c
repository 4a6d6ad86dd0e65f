/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/client.h"

#include <event2/event.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "client/client_again.h"
#include "client/client_state.h"
#include "client/pump.h"
#include "client/redial.h"
#include "client/settings.h"
#include "command/command.h"
#include "console/console.h"
#include "console/diagnostics.h"
#include "console/local.h"
#include "core/hub.h"
#include "core/responder.h"
#include "transport/loop.h"
#include "transport/signals.h"
#include "transport/transport.h"

enum {
    EXIT_USAGE = 2,
    MAX_QUEUE = 4 << 20, /* bytes: more than the longest line */
    DRAIN = 5000000,     /* microseconds, as in telexd */
    KEEPALIVE = 60000000
};

static struct peer *peer_of(struct client *client)
{
    return hub_find(&client->hub, 1);
}

/* --- ends --- */

/* Lets what is queued go out; the close event ends the program. */
static void leave(void *context)
{
    struct client *client = context;
    struct peer *peer = peer_of(client);
    client->leaving = true;
    if (peer)
        hub_close(&client->hub, peer, CLOSE_OPERATOR);
    else
        loop_stop(&client->loop);
}

/* When last something was said. A group's members, who answer our call, have peers of their
 * own. */
static int64_t last_active(struct client *client)
{
    int64_t last = 0;
    for (struct peer *peer = hub_next(&client->hub, NULL); peer;
         peer = hub_next(&client->hub, peer))
        last = peer->active > last ? peer->active : last;
    return last;
}

static void set_wait(struct client *client)
{
    const struct host *host = &client->hub.host;
    int64_t left = last_active(client) + client->settings->wait - host->now(host->context);
    if (peer_of(client) && left > 0)
        loop_arm(client->wait, left);
    else
        leave(client);
}

static void wait_cb(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    set_wait(context);
}

/* Our input has ended: a stream is read until its end, datagrams for as long as --wait says. */
static void input_ended(void *context)
{
    struct client *client = context;
    struct peer *peer = peer_of(client);
    bool again = client->ended;
    bool typed = client->console && local_is_terminal(client->console);
    client->ended = true;
    if (!peer || (typed && (again || peer->link->ops->datagram)))
        leave(client);
    else if (peer->link->ops->datagram)
        set_wait(client);
    else
        hub_end_output(peer);
}

static void output_broken(void *context)
{
    struct client *client = context;
    client->status = EXIT_FAILURE;
    loop_stop(&client->loop);
}

static void input_error(void *context, const char *text)
{
    struct client *client = context;
    log_error("%s", text);
    client->status = EXIT_FAILURE;
}

static void terminate(void *context)
{
    struct client *client = context;
    struct peer *peer = peer_of(client);
    if (!client->stands || !peer || peer->state == PEER_CLOSING) {
        client->status = EXIT_FAILURE;
        loop_stop(&client->loop);
    } else {
        leave(client);
    }
}

static void interrupt(void *context)
{
    struct client *client = context;
    if (!client->console || !local_interrupt(client->console))
        terminate(client);
}

/* --- what the line does --- */

static void opened(struct client *client)
{
    bool again = client->opened;
    client->opened = client->stands = true;
    if (!again && client->pump)
        pump_start(client->pump);
    else if (!again)
        local_start(client->console);
    if (client->redial)
        client_again_stands(client, again);
}

const char *client_close_text(const struct hub_event *event)
{
    if (event->close.reason == CLOSE_RESET)
        return "Connection reset by peer";
    return event->close.error ? event->close.error : close_reason_name(event->close.reason);
}

/* Says on stderr what was no clean end; the console has shown its close event by then. */
static void closed(struct client *client, const struct hub_event *event)
{
    const char *error = client_close_text(event);
    enum close_reason reason = event->close.reason;
    if (client_again_wanted(client, event)) {
        client_again_later(client, event);
        return;
    }
    if (reason == CLOSE_RESET || reason == CLOSE_TIMEOUT || reason == CLOSE_ERROR) {
        client->status = EXIT_FAILURE;
        log_error("%s%s: %s", client->opened ? "" : "cannot connect to ", client->call->text,
                  error);
    } else if (event->close.unsent > 0) {
        client->status = EXIT_FAILURE;
        log_error("%s: %" PRIu64 " bytes could not be sent", client->call->text,
                  event->close.unsent);
    }
    loop_stop(&client->loop);
}

static void notice(struct observer *observer, const struct hub_event *event)
{
    struct client *client =
        (struct client *)((char *)observer - offsetof(struct client, observer));
    if (event->peer->number != 1)
        return; /* it answers a call of a group */
    if (event->type == HUB_OPEN)
        opened(client);
    else if (event->type == HUB_CLOSE)
        closed(client, event);
    else if (client->pump && !client->redial)
        set_wait(client); /* the peer has ended its side, but may read what stdin still has */
}

bool client_call(struct client *client, char **error)
{
    const struct transport *transport = transport_of(client->call->endpoint.scheme);
    return transport->call(&client->board, client->call, error) != NULL;
}

/* --- putting together --- */

static bool is_piped(const struct settings *settings)
{
    return !settings->json && (settings->raw || !isatty(STDIN_FILENO));
}

/*
 * How long a peer that has ended its side is kept: whoever sits at a console may still answer
 * it, a pipe has --wait, and with --reconnect there is a line that reads to be had.
 */
static int64_t half_close_of(const struct settings *settings)
{
    if (settings->reconnect)
        return 0;
    return is_piped(settings) ? PROFILE_HALF_CLOSE_NEVER : -1;
}

static bool prepare_call(struct client *client, struct settings *settings)
{
    struct profile profile;
    char *error = NULL;
    if (!profile_init(&profile, &settings->endpoint, PROFILE_CALL, &error)) {
        log_error("%s", error);
        free(error);
        return false;
    }
    profile_default(&profile, &settings->endpoint, PROFILE_CALL, &responder_none, settings->eol,
                    half_close_of(settings));
    client->call = listener_create(&settings->endpoint, &profile);
    return true;
}

static void open_pump(struct client *client)
{
    const struct settings *settings = client->settings;
    const struct pump_hooks hooks = {
        .context = client, .end = input_ended, .broken = output_broken, .error = input_error};
    const struct pump_settings pump = {
        .hub = &client->hub,
        .datagrams = client->call->endpoint.scheme == ENDPOINT_UDP,
        .whole = settings->whole,
        .display = !settings->raw && isatty(STDOUT_FILENO),
        .eol = settings->eol == EOL_UNSET ? EOL_NONE : settings->eol,
    };
    client->pump = pump_create(client->loop.base, &pump, &hooks);
}

static void open_console(struct client *client)
{
    const struct settings *settings = client->settings;
    const struct console_hooks hooks = {
        .context = client, .end = input_ended, .leaving = leave};
    const struct console_settings console = {.hub = &client->hub,
                                             .commands = command_client_table,
                                             .number = 1,
                                             .view = settings->view,
                                             .adopt_first = true,
                                             .patience = -1,
                                             .local_files = true,
                                             .forward =
                                                 client->redial ? client_again_take_line : NULL,
                                             .forward_context = client};
    client->console = local_create(client->loop.base, &console, settings->json, &hooks);
}

static void init(struct client *client, const struct settings *settings)
{
    client->settings = settings;
    loop_init(&client->loop);
    client->diagnostics = diagnostics_create(client->loop.base);
    const struct host host = loop_host(&client->loop);
    hub_init(&client->hub, &host,
             &(struct hub_settings){.max_queue = MAX_QUEUE, .drain = DRAIN});
    client->loop.hub = &client->hub;
    switchboard_init(&client->board, &client->loop, &client->hub,
                     &(struct transport_settings){.connect_timeout = settings->connect_timeout,
                                                  .keepalive = KEEPALIVE,
                                                  .bind_address = settings->bind});
    if (settings->reconnect)
        client_again_init(client);
    client->wait = loop_event(client->loop.base, -1, 0, wait_cb, client, LOOP_OPERATOR);
}

static void finish(struct client *client)
{
    /* All that came is handed on, however slow the reader; a signal ends the wait. */
    size_t left = pump_destroy(client->pump) + local_destroy(client->console);
    if (left > 0) {
        log_error("%zu bytes of output found no reader", left);
        client->status = EXIT_FAILURE;
    }
    signals_destroy(client->signals);
    redial_destroy(client->redial);
    event_free(client->wait);
    hub_finish(&client->hub);
    switchboard_finish(&client->board);
    diagnostics_destroy(client->diagnostics);
    loop_finish(&client->loop);
}

static void talk(struct client *client)
{
    static const struct signals_callbacks callbacks = {
        .terminate = terminate, .interrupt = interrupt, .hang_up = terminate};
    char *error = NULL;
    client->signals = signals_create(client->loop.base, &callbacks, client);
    if (is_piped(client->settings))
        open_pump(client);
    else
        open_console(client);
    /* After the console: it shows the close before we end. */
    client->observer =
        (struct observer){.notice = notice,
                          .wants = OBSERVER_WANTS(HUB_OPEN) | OBSERVER_WANTS(HUB_HALF_CLOSE) |
                                   OBSERVER_WANTS(HUB_CLOSE)};
    hub_observe(&client->hub, &client->observer);
    if (client_call(client, &error)) {
        loop_run(&client->loop);
    } else {
        log_error("cannot connect to %s: %s", client->call->text, error);
        free(error);
        client->status = EXIT_FAILURE;
    }
}

int client_run(struct settings *settings)
{
    struct client client = {0};
    if (!prepare_call(&client, settings))
        return EXIT_USAGE;
    init(&client, settings);
    talk(&client);
    finish(&client);
    listener_release(client.call);
    return client.status;
}
