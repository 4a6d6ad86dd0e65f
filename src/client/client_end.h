/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How telex ends: by the peer, the end of input, a broken stdout, a signal; and what was lost.
 */
#ifndef TELEX_CLIENT_CLIENT_END_H
#define TELEX_CLIENT_CLIENT_END_H

#include <stddef.h>

struct client;
struct hub_event;

/* Of --wait, for when it is over. */
void client_end_init(struct client *client);

/* --- what happens; each context is the client --- */

/* Nobody wants the line any more: what is queued goes out first. */
void client_end_leave(void *context);
/* Our input has ended: a stream is read until its end, datagrams for as long as --wait says. */
void client_end_input(void *context);
/* Nothing can be written to stdout any more. */
void client_end_output(void *context);
void client_end_written(void *context);
/* SIGTERM and SIGHUP; a second one ends it at once. The program dies by it in the end. */
void client_end_terminate(void *context);
void client_end_interrupt(void *context);
/* The peer has ended its side: it is given --wait, where that is bounded. */
void client_end_half_closed(struct client *client);
/* The peer says something beside the line. */
void client_end_note(const struct client *client, const char *text);
/* The line is gone for good. */
void client_end_closed(struct client *client, const struct hub_event *close);

/* After the loop: closes console and pump, and says what has not been said. */
void client_end_finish(struct client *client);

/* Why the line is closed, in words. */
const char *client_end_reason(const struct hub_event *close);

#endif
