/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The daemon's listeners: all of them at start, or none; one more by /listen. */
#ifndef TELEX_SERVER_LISTENING_H
#define TELEX_SERVER_LISTENING_H

#include <stdbool.h>

struct hub;
struct listener;
struct settings;
struct switchboard;

/* Everything that was asked for is bound; announces nothing. Returns 0, or the exit status,
 * with the error said. */
int listening_start(const struct settings *settings, struct hub *hub,
                    struct switchboard *board);
/* Tells of all that listen. */
void listening_announce(struct hub *hub);
/* One more, bound and announced. NULL with *error (malloc'ed). */
struct listener *listening_add(const struct settings *settings, struct hub *hub,
                               struct switchboard *board, const char *text, char **error);
/* All of them go. */
void listening_stop(struct hub *hub);

#endif
