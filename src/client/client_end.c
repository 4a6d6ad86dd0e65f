/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/client_end.h"

#include <stdlib.h>

#include "base/cast.h"
#include "base/escape.h"
#include "base/log.h"
#include "base/mem.h"
#include "client/client_again.h"
#include "client/client_state.h"
#include "client/losses.h"
#include "client/pump.h"
#include "client/settings.h"
#include "client/typeahead.h"
#include "console/local.h"
#include "core/hub.h"
#include "loop/loop.h"
#include "loop/signals.h"
#include "loop/timeout.h"
#include "websocket/ws_close.h"

/* --wait where there is no half-close, and it is not given: microseconds. */
enum { WAIT_MESSAGES = 1000000 };

static struct peer *peer_of(const struct client *client)
{
    return hub_find(&client->hub, 1);
}

/* --- what was lost --- */

static void say(struct client *client, const struct losses *losses)
{
    char *text = losses_text(losses);
    if (!text)
        return;
    log_error("%s", text);
    client->status = EXIT_FAILURE;
    free(text);
}

/* What stdin and stdout know of. */
static void add_ends(const struct client *client, struct losses *losses)
{
    if (client->pump)
        pump_losses(client->pump, losses);
    else
        losses->output = local_error(client->console);
}

/*
 * What the line took with it, of a peer that may be NULL. Output that still waits for its
 * reader is not lost yet.
 */
static void say_line(struct client *client, const struct peer *peer, const char *reason)
{
    struct losses losses = {.line = reason, .undelivered = typeahead_bytes(client->typeahead)};
    if (peer)
        losses.undelivered += peer_undelivered(peer);
    if (client->opened)
        add_ends(client, &losses);
    if (losses.output)
        client->output_said = true;
    else
        losses.unwritten = 0;
    client->line_said = true;
    say(client, &losses);
}

static void say_output(struct client *client, const struct losses *losses)
{
    if (client->output_said)
        return;
    client->output_said = true;
    say(client, &(struct losses){.output = losses->output, .unwritten = losses->unwritten});
}

/* --- leaving --- */

/* The line is gone; what came by it may still wait for its reader. */
static void end(struct client *client)
{
    if (client->pump)
        pump_close(client->pump);
    else
        loop_stop(&client->loop);
}

void client_end_written(void *context)
{
    struct client *client = CAST(client, context);
    loop_stop(&client->loop);
}

void client_end_leave(void *context)
{
    struct client *client = CAST(client, context);
    struct peer *peer = peer_of(client);
    client->leaving = true;
    timeout_stop(client->wait);
    if (client->pump)
        pump_hold(client->pump, true);
    if (peer)
        hub_close(&client->hub, peer, CLOSE_OPERATOR);
    else
        end(client);
}

/* --- waiting for more --- */

/* Datagrams have no end, and a WebSocket's farewell is for both sides. */
static bool has_messages(const struct client *client)
{
    return schemes[client->call->endpoint.scheme].messages;
}

/* How long a silence may be: microseconds; negative: without bound. */
static int64_t patience(const struct client *client)
{
    int64_t wait = client->settings->wait;
    return wait < 0 && has_messages(client) ? WAIT_MESSAGES : wait;
}

/* When last something was said. A group's members, who answer our call, have peers of their
 * own. */
static int64_t last_active(const struct client *client)
{
    int64_t last = 0;
    for (const struct peer *peer = hub_next(&client->hub, NULL); peer;
         peer = hub_next(&client->hub, peer))
        last = peer->active > last ? peer->active : last;
    return last;
}

static void set_wait(struct client *client)
{
    const struct peer *peer = peer_of(client);
    int64_t wait = peer ? patience(client) : 0;
    int64_t left = last_active(client) + wait - hub_now(&client->hub);
    if (wait < 0)
        return;
    if (peer && left > 0)
        timeout_set(client->wait, left);
    else
        client_end_leave(client);
}

static void wait_cb(void *context)
{
    struct client *client = CAST(client, context);
    if (client->killed_by)
        loop_stop(&client->loop);
    else
        set_wait(client);
}

void client_end_init(struct client *client)
{
    client->wait = timeout_create(&client->loop, LOOP_OPERATOR, PART_CONSOLE, wait_cb, client);
}

void client_end_half_closed(struct client *client)
{
    if (client->pump && !client->redial)
        set_wait(client); /* it may still read what stdin has */
}

/* Between pipes no console shows what a program says on its stderr. */
void client_end_note(const struct client *client, const char *text)
{
    char *shown = escape_string(text);
    if (client->pump)
        log_error("%s", shown);
    free(shown);
}

/* --- the ends of our sides --- */

void client_end_input(void *context)
{
    struct client *client = CAST(client, context);
    struct peer *peer = peer_of(client);
    bool again = client->input_ended;
    bool typed = client->console && local_is_terminal(client->console);
    client->input_ended = true;
    const bool endless = peer && !peer->link->ops->end_output;
    if (!peer || (typed && (again || !client->stands || endless)))
        client_end_leave(client);
    else if (endless || (has_messages(client) && !typed))
        set_wait(client); /* for answers */
    else
        hub_end_output(peer);
}

void client_end_output(void *context)
{
    struct client *client = CAST(client, context);
    client->status = EXIT_FAILURE;
    client_end_leave(client);
}

/* --- signals --- */

void client_end_terminate(void *context)
{
    struct client *client = CAST(client, context);
    struct peer *peer = peer_of(client);
    bool again = client->killed_by != 0;
    client->killed_by = signals_last(client->signals);
    if (again || !client->stands || !peer || peer->state == PEER_CLOSING) {
        loop_stop(&client->loop);
        return;
    }
    client_end_leave(client);
    timeout_set(client->wait, client->hub.settings.drain); /* for the reader of stdout, too */
}

void client_end_interrupt(void *context)
{
    struct client *client = CAST(client, context);
    if (!client->console || !local_interrupt(client->console))
        client_end_terminate(client);
}

/* --- the end of the line --- */

const char *client_end_reason(const struct hub_event *event)
{
    if (event->close.reason == CLOSE_RESET)
        return "Connection reset by peer";
    return event->close.error ? event->close.error : close_reason_name(event->close.reason);
}

static bool has_failed(const struct line_end *end)
{
    return end->reason == CLOSE_RESET || end->reason == CLOSE_TIMEOUT ||
           end->reason == CLOSE_ERROR ||
           (end->reason == CLOSE_EOF && ws_close_is_failure(end->code));
}

/* The console has shown its close event by then. */
void client_end_closed(struct client *client, const struct hub_event *event)
{
    enum close_reason reason = event->close.reason;
    const bool broke = has_failed(&event->close);
    char *text = mem_printf("%s%s: %s", client->opened ? "" : "cannot connect to ",
                            client->call->text, client_end_reason(event));
    if (broke)
        client->status = EXIT_FAILURE;
    else if (reason == CLOSE_EOF && client->status == 0) /* that of a program is ours */
        client->status = exit_status_code(event->close.status);
    if (!broke && client->pump && event->close.error) /* a farewell, which nobody has shown */
        log_error("%s", text);
    say_line(client, event->peer, broke ? text : NULL);
    free(text);
    end(client);
}

void client_end_finish(struct client *client)
{
    struct losses losses = {0};
    /* A signal ends us with the line standing, or nobody wanted to wait for one. */
    if ((client->opened || typeahead_bytes(client->typeahead) > 0) && !client->line_said)
        say_line(client, peer_of(client), NULL);
    add_ends(client, &losses);
    pump_destroy(client->pump);
    client->pump = NULL;
    if (client->console && (!client->leaving || client->killed_by))
        local_drop_typed(client->console); /* it was meant for the peer */
    losses.unwritten += local_destroy(client->console);
    client->console = NULL;
    say_output(client, &losses);
}
