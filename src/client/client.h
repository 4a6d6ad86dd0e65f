/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of telex put together: one call, and its two directions. */
#ifndef TELEX_CLIENT_CLIENT_H
#define TELEX_CLIENT_CLIENT_H

#include <stdbool.h>

struct client;
struct hub_event;
struct settings;

/* Calls, talks, ends; says its errors. Returns the exit status. */
int client_run(struct settings *settings);

/* --- within the client --- */

/* Calls client->call; *error (malloc'ed) is the reason. */
bool client_call(struct client *client, char **error);
/* Why the line is closed, in words. */
const char *client_close_text(const struct hub_event *close);

#endif
