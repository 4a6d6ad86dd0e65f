/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What keys of the terminal ask of telex itself, client/keypress. */
#ifndef TELEX_CLIENT_CLIENT_KEYPRESS_H
#define TELEX_CLIENT_CLIENT_KEYPRESS_H

#include <stdbool.h>

#include "client/keypress.h"

struct client;

/* Whether each key goes to the far end as it is pressed. */
bool client_keypress_go(const struct client *client);
/* The line stands: says how to leave. */
void client_keypress_greet(const struct client *client);
/* Of the pump: context is the client. */
void client_keypress_wish(void *context, enum keypress_wish wish);

#endif
