/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The call, until it stands: who sits at a terminal can type already, what is typed waits for
 * the line, and a call that takes long is said.
 */
#ifndef TELEX_CLIENT_CLIENT_CALL_H
#define TELEX_CLIENT_CLIENT_CALL_H

#include <stdbool.h>
#include <stddef.h>

struct client;

/* Before the console is made; the call's endpoint is there. */
void client_call_init(struct client *client);
void client_call_finish(struct client *client);
/* Calls. false with *error (malloc'ed) where that could not even begin. */
bool client_call(struct client *client, char **error);
/* Whom it calls, for the prompt; as long as the client. */
const char *client_call_far_end(const struct client *client);
/* The line stands: what was typed meanwhile is sent. */
void client_call_stands(struct client *client);
/* There is no line any more. */
void client_call_lost(struct client *client);
/* A line that was typed: a text waits for the line to the peer. context: the client. */
void client_call_take_line(void *context, const char *line, size_t size);

#endif
