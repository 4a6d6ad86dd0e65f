/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The daemon's listeners: all of them at start, or none; one more by /listen. */
#ifndef TELEX_SERVER_LISTENING_H
#define TELEX_SERVER_LISTENING_H

#include <stdbool.h>

struct hub;
struct listener;
struct listening;
struct passed;
struct settings;
struct switchboard;

/*
 * Takes over the sockets that were passed, and binds everything that was asked for, or what is
 * the default where there is neither; announces nothing. Returns 0, or the exit status with
 * *error (malloc'ed).
 */
int listening_start(const struct settings *settings, const struct passed *passed,
                    struct hub *hub, struct switchboard *board, char **error);
/* Tells of all that listen. */
void listening_announce(struct hub *hub);
/* All of them go. */
void listening_stop(struct hub *hub);

/*
 * One more, whose host may have to be looked up first: ready is called once, never from within,
 * when nothing is waited for any more. NULL with *error (malloc'ed).
 */
struct listening *listening_prepare(const struct settings *settings, struct hub *hub,
                                    struct switchboard *board, const char *text,
                                    void (*ready)(void *asker), void *asker, char **error);
bool listening_waits(const struct listening *listening);
/* Binds and announces it. NULL with *error. */
struct listener *listening_complete(struct listening *listening, char **error);
/* When it listens, or where it is given up. */
void listening_release(struct listening *listening);

#endif
