/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/client.h"

#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/command_line.h"
#include "base/log.h"
#include "base/mem.h"
#include "client/client_again.h"
#include "client/client_call.h"
#include "client/client_end.h"
#include "client/client_keypress.h"
#include "client/client_state.h"
#include "client/pump.h"
#include "client/redial.h"
#include "client/settings.h"
#include "command/command.h"
#include "console/console.h"
#include "console/diagnostics.h"
#include "console/local.h"
#include "core/agents.h"
#include "core/hub.h"
#include "loop/loop.h"
#include "loop/signals.h"
#include "loop/timeout.h"
#include "transport/transport.h"

enum {
    MAX_QUEUE = 4 << 20, /* bytes: more than the longest line */
    DRAIN = 5000000,     /* microseconds, as in telexd */
    KEEPALIVE = 60000000
};

/* --- what the line does --- */

/* Who types at a terminal has begun already. */
static void begin(struct client *client)
{
    if (client->pump && client_keypress_go(client))
        client_keypress_greet(client);
    if (client->pump)
        pump_start(client->pump);
    else if (local_is_terminal(client->console))
        local_greet(client->console);
    else
        local_start(client->console);
}

static void opened(struct client *client)
{
    const bool again = client->opened;
    client_call_stands(client);
    if (!again)
        begin(client);
    if (client->redial)
        client_again_stands(client, again);
}

static void closed(struct client *client, const struct hub_event *event)
{
    client_call_lost(client);
    if (client_again_wanted(client, event))
        client_again_later(client, event);
    else
        client_end_closed(client, event);
}

static void notice(struct observer *observer, const struct hub_event *event)
{
    struct client *client = container_of(observer, struct client, observer);
    if (event->peer->number != 1)
        return; /* it answers a call of a group */
    if (event->type == HUB_OPEN)
        opened(client);
    else if (event->type == HUB_CLOSE)
        closed(client, event);
    else if (event->type == HUB_NOTE)
        client_end_note(client, event->note);
    else
        client_end_half_closed(client);
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

/* The option that only goes with TLS, and was given; or NULL. */
static const char *tls_option(const struct settings *settings)
{
    const struct tls_settings *tls = &settings->tls;
    return tls->ca              ? "--ca"
           : settings->insecure ? "--insecure"
           : tls->pinned        ? "--pin"
           : tls->server_name   ? "--server-name"
           : tls->cert          ? "--cert"
           : tls->key           ? "--key"
           : tls->psk           ? "--psk"
           : tls->alpn          ? "--alpn"
                                : NULL;
}

/* Who asks for a lock must not be left without one. */
static char *misplaced(const struct settings *settings, const struct origin *call)
{
    const char *option = tls_option(settings);
    if (call->profile.again > 0)
        return mem_strdup("again= is for telexd; telex calls again with --reconnect");
    if (option && !transport_of(call->endpoint.scheme)->load)
        return mem_printf("%s is for TLS, as in telex tls://HOST:PORT", option);
    return NULL;
}

static bool prepare_call(struct client *client, struct settings *settings)
{
    const struct key_set *own = transport_keys(settings->endpoint.scheme);
    char *error = NULL;
    client->call = origin_create(&settings->endpoint, own, &error);
    if (client->call)
        error = misplaced(settings, client->call);
    if (error) {
        log_error("%s", error);
        free(error);
        origin_release(client->call);
        return false;
    }
    struct profile *profile = &client->call->profile;
    client->eol = profile->eol == EOL_UNSET ? settings->eol : profile->eol;
    if (is_piped(settings)) /* bytes are bytes there */
        profile->framing = framing_of(&framing_raw);
    profile_default(profile, &client->call->endpoint, KEY_CALL, &agent_none, settings->eol,
                    half_close_of(settings));
    return true;
}

static void input_error(void *context, const char *text)
{
    struct client *client = CAST(client, context);
    log_error("%s", text);
    client->status = EXIT_FAILURE;
}

static void open_pump(struct client *client)
{
    const struct settings *settings = client->settings;
    const struct pump_hooks hooks = {.context = client,
                                     .end = client_end_input,
                                     .broken = client_end_output,
                                     .written = client_end_written,
                                     .error = input_error,
                                     .wish = client_keypress_wish};
    const struct pump_settings pump = {
        .hub = &client->hub,
        .messages = schemes[client->call->endpoint.scheme].messages,
        .datagrams = schemes[client->call->endpoint.scheme].datagram,
        .whole = settings->whole,
        .display = !settings->raw && isatty(STDOUT_FILENO),
        .keys = client_keypress_go(client),
        .eol = client->eol,
    };
    client->pump = pump_create(&client->loop, &pump, &hooks);
}

static const struct command *const *commands_of(const struct origin *call)
{
    return call->endpoint.scheme == SCHEME_SERIAL ? command_serial_table : command_client_table;
}

static void open_console(struct client *client)
{
    const struct settings *settings = client->settings;
    const struct console_hooks hooks = {.context = client,
                                        .end = client_end_input,
                                        .leaving = client_end_leave,
                                        .broken = client_end_output};
    const struct console_settings console = {.hub = &client->hub,
                                             .commands = commands_of(client->call),
                                             .number = 1,
                                             .view = settings->view,
                                             .time_form = settings->time_form,
                                             .adopt_first = true,
                                             .patience = -1,
                                             .local_files = true,
                                             .far_end = client_call_far_end(client),
                                             .forward = client_call_take_line,
                                             .forward_context = client};
    client->console = local_create(&client->loop, &console, settings->json, &hooks);
    if (local_is_terminal(client->console))
        local_start(client->console);
}

static struct tls_settings tls_of(const struct settings *settings)
{
    struct tls_settings tls = settings->tls; /* its strings are borrowed */
    tls.by_options = true;
    if (settings->insecure)
        tls.verify = TLS_VERIFY_NONE;
    return tls;
}

static void init(struct client *client, const struct settings *settings)
{
    client->settings = settings;
    loop_init(&client->loop);
    client->diagnostics = diagnostics_create(&client->loop);
    const struct host host = loop_host(&client->loop);
    hub_init(&client->hub, &host,
             &(struct hub_settings){.max_queue = MAX_QUEUE, .drain = DRAIN});
    switchboard_init(&client->board, &client->loop, &client->hub,
                     &(struct transport_settings){.dial = {.timeout = settings->connect_timeout,
                                                           .bind_address = settings->bind},
                                                  .keepalive = KEEPALIVE,
                                                  .tls_calls = tls_of(settings)});
    client_call_init(client);
    if (settings->reconnect)
        client_again_init(client);
    client_end_init(client);
}

static void finish(struct client *client)
{
    client_end_finish(client);
    audience_leave(&client->hub.audience, &client->observer);
    loop_poll(&client->loop); /* for a signal that came last */
    signals_destroy(client->signals);
    redial_destroy(client->redial);
    client_call_finish(client);
    timeout_destroy(client->wait);
    hub_finish(&client->hub);
    switchboard_finish(&client->board);
    diagnostics_destroy(client->diagnostics);
    loop_finish(&client->loop);
}

static void talk(struct client *client)
{
    static const struct signals_callbacks callbacks = {.terminate = client_end_terminate,
                                                       .interrupt = client_end_interrupt,
                                                       .hang_up = client_end_terminate};
    char *error = NULL;
    client->signals = signals_create(&client->loop, &callbacks, client);
    if (is_piped(client->settings))
        open_pump(client);
    else
        open_console(client);
    /* After the console: it shows the close before we end. */
    client->observer =
        (struct observer){.notice = notice,
                          .wants = OBSERVER_WANTS(HUB_OPEN) | OBSERVER_WANTS(HUB_HALF_CLOSE) |
                                   OBSERVER_WANTS(HUB_NOTE) | OBSERVER_WANTS(HUB_CLOSE)};
    audience_join(&client->hub.audience, &client->observer);
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
    CAST_INIT(client, &client);
    if (!prepare_call(&client, settings))
        return EXIT_USAGE;
    init(&client, settings);
    talk(&client);
    finish(&client);
    origin_release(client.call);
    if (client.killed_by)
        signals_die(client.killed_by);
    return client.status;
}
