/* SPDX-License-Identifier: GPL-3.0-or-later */
/* telex --reconnect: what becomes of a line that is lost, and of what is typed meanwhile. */
#ifndef TELEX_CLIENT_CLIENT_AGAIN_H
#define TELEX_CLIENT_CLIENT_AGAIN_H

#include <stdbool.h>

struct client;
struct hub_event;

/* Makes client->redial. */
void client_again_init(struct client *client);
/* Whether it goes on after this close: not where we ended the line, nor where nothing is left
 * to say. */
bool client_again_wanted(const struct client *client, const struct hub_event *close);
/* The line is gone, or could not be had: tries again later. */
void client_again_later(struct client *client, const struct hub_event *close);
/* The line stands, the first time or again. */
void client_again_stands(struct client *client, bool again);

#endif
