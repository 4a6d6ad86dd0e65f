/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/client_call.h"

#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/mem.h"
#include "client/client_state.h"
#include "client/typeahead.h"
#include "command/command.h"
#include "command/operator.h"
#include "console/console.h"
#include "console/local.h"
#include "console/text_entry.h"
#include "loop/timeout.h"

/* Whoever waits longer than this wonders why: microseconds. */
enum { CALL_UNSAID = 250000 };

static void slow_cb(void *context)
{
    struct client *client = CAST(client, context);
    char *text = mem_printf("calling %s; what you type waits for it", client->call->text);
    text_entry_notice(local_base(client->console), hub_wall(&client->hub), text);
    free(text);
}

static void run_line(void *context, const char *line, size_t size)
{
    struct client *client = CAST(client, context);
    command_line(&local_base(client->console)->session, line, size);
}

/* "127.0.0.1:6379", "udp://127.0.0.1:53", "unix:/run/x": tcp goes without saying. */
const char *client_call_far_end(const struct client *client)
{
    const char *endpoint = client->call->place;
    static const char usual[] = "tcp://";
    const bool is_usual = strncmp(endpoint, usual, strlen(usual)) == 0;
    return endpoint + (is_usual ? strlen(usual) : 0);
}

void client_call_init(struct client *client)
{
    client->typeahead = typeahead_create(&client->loop, run_line, client);
    client->slow = timeout_create(&client->loop, LOOP_OPERATOR, PART_CONSOLE, slow_cb, client);
}

void client_call_finish(struct client *client)
{
    timeout_destroy(client->slow);
    typeahead_destroy(client->typeahead);
}

/* What --reconnect does is said once, when the line is lost. */
bool client_call(struct client *client, char **error)
{
    const struct transport *transport = transport_of(client->call->endpoint.scheme);
    if (!transport->call(&client->board, client->call, error))
        return false;
    if (client->console && local_is_terminal(client->console) && !client->stands &&
        !client->loss_said)
        timeout_set(client->slow, CALL_UNSAID);
    return true;
}

void client_call_stands(struct client *client)
{
    client->opened = client->stands = true;
    timeout_stop(client->slow);
    typeahead_let_go(client->typeahead);
}

void client_call_lost(struct client *client)
{
    client->stands = false;
    timeout_stop(client->slow);
    typeahead_hold(client->typeahead);
}

static bool is_text(const char *line, size_t size)
{
    const bool escaped = size > 1 && (line[1] == '/' || line[1] == '@');
    return size == 0 || (*line != '@' && (*line != '/' || escaped));
}

void client_call_take_line(void *context, const char *line, size_t size)
{
    struct client *client = CAST(client, context);
    struct operator_session *session = &local_base(client->console)->session;
    if (!is_text(line, size) || !typeahead_waits(client->typeahead))
        run_line(client, line, size);
    else if (!typeahead_add(client->typeahead, line, size))
        session->ops->error(session, "send",
                            "there is no line, and no more text is kept for it");
}
