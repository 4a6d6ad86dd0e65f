/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/client_again.h"

#include <stdlib.h>

#include "base/cast.h"
#include "base/log.h"
#include "base/mem.h"
#include "client/client_call.h"
#include "client/client_end.h"
#include "client/client_state.h"
#include "client/losses.h"
#include "client/pump.h"
#include "client/redial.h"
#include "console/console.h"
#include "console/local.h"
#include "console/text_entry.h"
#include "loop/timeout.h"

/* Between two calls, in microseconds. */
enum { PAUSE_FIRST = 250000, PAUSE_MAX = 8000000 };

/* Above the line being typed, or on stderr. */
static void say(struct client *client, const char *text)
{
    if (client->console && client->opened && local_is_terminal(client->console))
        text_entry_notice(local_base(client->console), hub_wall(&client->hub), text);
    else
        log_error("%s", text);
}

/* stdin waits with us; who types at a terminal need not, and what it types is kept. */
static void hold_input(struct client *client, bool on)
{
    if (client->pump)
        pump_hold(client->pump, on);
    else if (!local_is_terminal(client->console))
        console_hold(local_base(client->console), on);
}

bool client_again_wanted(const struct client *client, const struct hub_event *event)
{
    return client->redial && !client->leaving && !client->input_ended &&
           event->close.reason != CLOSE_OPERATOR;
}

/* What was on its way is lost with the line, and stays lost: the next one begins anew. */
static void say_loss(struct client *client, const struct hub_event *event)
{
    char *reason =
        mem_printf("%s %s: %s", client->opened ? "lost the line to" : "cannot connect to",
                   client->call->text, client_end_reason(event));
    const struct losses losses = {.line = reason, .undelivered = peer_undelivered(event->peer)};
    char *lost = losses_text(&losses);
    char *text = mem_printf("%s; trying again", lost);
    say(client, text);
    if (losses.undelivered > 0)
        client->status = EXIT_FAILURE;
    free(reason);
    free(lost);
    free(text);
}

/* A device is plugged in or is not: growing pauses would only have it wait. */
static bool is_device(const struct client *client)
{
    return transport_of(client->call->endpoint.scheme)->is_there;
}

void client_again_later(struct client *client, const struct hub_event *event)
{
    const bool stood = client->opened && !client->loss_said;
    if (!client->loss_said)
        say_loss(client, event);
    client->loss_said = true;
    timeout_stop(client->wait);
    hold_input(client, true);
    redial_later(client->redial, event->close.received > 0 || (stood && is_device(client)));
}

void client_again_stands(struct client *client, bool again)
{
    if (again && client->pump)
        log_error("%s: connected again", client->call->text);
    client->loss_said = false;
    hold_input(client, false);
}

/* The peer is number 1 each time, and the target of what is typed. */
static void call_again(void *context)
{
    struct client *client = CAST(client, context);
    char *error = NULL;
    if (!transport_is_there(client->call)) {
        redial_after(client->redial, TRANSPORT_LOOK_AGAIN);
        return;
    }
    client->hub.last_peer = 0;
    if (client->console)
        local_base(client->console)->adopt_first = true;
    if (client_call(client, &error))
        return;
    free(error); /* as before: there is no news in it */
    redial_later(client->redial, false);
}

void client_again_init(struct client *client)
{
    client->redial = redial_create(&client->loop, PAUSE_FIRST, PAUSE_MAX, call_again, client);
}
