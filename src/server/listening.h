/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The daemon's listeners: all of them at start, or none; one more by /listen. */
#ifndef TELEX_SERVER_LISTENING_H
#define TELEX_SERVER_LISTENING_H

#include <stdbool.h>
#include <stddef.h>

struct hub;
struct listener;
struct listening;
struct passed;
struct settings;
struct standing;
struct switchboard;

/* The endpoints that are asked for, *count of them, borrowed: the default ones where nothing
 * is, and no socket was passed. */
const char *const *listening_wanted(const struct settings *settings,
                                    const struct passed *passed, size_t *count);
/*
 * Takes over the sockets that were passed, and binds everything that is wanted, which stands in
 * *standing then; announces nothing. Returns 0, or the exit status with *error (malloc'ed).
 */
int listening_start(const struct settings *settings, const struct passed *passed,
                    struct hub *hub, struct switchboard *board, struct standing *standing,
                    char **error);
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

/* The same in steps, of a listener that is complete, and whose name the caller has looked at:
 * takes it over. */
struct listening *listening_begin(struct switchboard *board, struct listener *listener,
                                  void (*ready)(void *asker), void *asker);
bool listening_bind(struct listening *listening, char **error);
/* What has been bound: the caller's from here on, for hub_add_listener. */
struct listener *listening_take(struct listening *listening);

#endif
