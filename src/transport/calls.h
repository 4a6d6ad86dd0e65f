/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calls that are more than one line: those that are made again when it is lost (again=), and
 * those that the command line or a file names. Whether and when is core/recall's to say.
 */
#ifndef TELEX_TRANSPORT_CALLS_H
#define TELEX_TRANSPORT_CALLS_H

#include <stdbool.h>

struct calls;
struct origin;
struct peer;
struct switchboard;

/* The most that are kept; who asks for more is told. */
enum { CALLS_MAX = 4096 };

/* Observes the board's hub. */
struct calls *calls_create(struct switchboard *board);
/* No call is made from here on. Before the hub is finished. NULL is fine. */
void calls_destroy(struct calls *calls);

/*
 * Calls origin->endpoint (takes a reference of its own) and gives the far end the name of its
 * profile. The peer is in state connecting; open or close come later. line: where it was asked
 * for in the settings, for calls_end; NULL: an operator asked. NULL with *error (malloc'ed, a
 * sentence) where it cannot even be tried; with a line and again= it is tried again all the
 * same.
 */
struct peer *calls_begin(struct calls *calls, struct origin *origin, const char *line,
                         char **error);
/*
 * Of those that wait to be made again, ends the ones that word names: the name of a call, the
 * number of its last line ("3", "#3"), or "*" for all. Returns how many those were.
 */
unsigned calls_hang_up(struct calls *calls, const char *word);
/* Those that wait: "boiler (tcp://meter7:4001), #3 (serial:/dev/ttyUSB0) and 2 more",
 * malloc'ed; NULL: none does. */
char *calls_waiting(const struct calls *calls);
/* The line of settings is gone: its call is not made again, and is closed gracefully where it
 * stands. Returns whether there was one. */
bool calls_end(struct calls *calls, const char *line);

#endif
