/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/client_keypress.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/log.h"
#include "client/client_end.h"
#include "client/client_state.h"
#include "client/settings.h"
#include "core/hub.h"
#include "core/modem.h"

enum { BREAK = 250000 /* microseconds */ };

bool client_keypress_go(const struct client *client)
{
    const enum scheme_form form = schemes[client->call->endpoint.scheme].form;
    return client->settings->raw && (form == SCHEME_DEVICE || form == SCHEME_COMMAND) &&
           isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

void client_keypress_greet(const struct client *client)
{
    log_error("connected to %s; Ctrl-T q quits, Ctrl-T ? tells more", client->call->text);
}

static void help(void)
{
    char *text = keypress_help();
    log_error("%s", text);
    free(text);
}

static bool toggle(const struct modem_ops *modem, struct link *link, enum modem_line line,
                   char **error)
{
    unsigned on = 0;
    return modem->read(link, &on, error) &&
           modem->set(link, on & line ? 0u : line, on & line, error);
}

static void move(struct client *client, enum keypress_wish wish)
{
    const struct peer *peer = hub_find(&client->hub, 1);
    const struct modem_ops *modem = peer ? peer->link->ops->modem : NULL;
    char *error = NULL;
    if (!modem)
        log_error("this is no serial line");
    else if (wish == KEYPRESS_BREAK)
        modem->send_break(peer->link, BREAK, &error);
    else
        toggle(modem, peer->link, wish == KEYPRESS_DTR ? MODEM_DTR : MODEM_RTS, &error);
    if (error)
        log_error("%s", error);
    free(error);
}

void client_keypress_wish(void *context, enum keypress_wish wish)
{
    struct client *client = CAST(client, context);
    if (wish == KEYPRESS_QUIT)
        client_end_leave(client);
    else if (wish == KEYPRESS_HELP)
        help();
    else
        move(client, wish);
}
