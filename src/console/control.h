/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Control sockets: Unix sockets on which further operators attach (telexd(8), ATTACHING). Each
 * connection is a console of its own that speaks JSON Lines.
 */
#ifndef TELEX_CONSOLE_CONTROL_H
#define TELEX_CONSOLE_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

#include "console/console.h"

struct control;
struct control_spec;
struct loop;
struct poller;

struct control_settings {
    struct loop *loop;
    struct poller *poller; /* tells whose operator is gone */
    /*
     * Of every session: hub, program and commands, number (of the first session; those after
     * it count on, and none is used again) and patience (microseconds that a session which said
     * /quit gets to read its answers). The rest is filled in here.
     */
    struct console_settings console;
    const char *version; /* borrowed; for hello */
};

/* Without sockets, which costs nothing. */
struct control *control_create(const struct control_settings *settings);
/*
 * Makes the socket and its file and listens, but takes nobody before control_start. On failure
 * *error (malloc'ed) is a sentence.
 */
bool control_bind(struct control *control, const struct control_spec *spec, char **error);
/*
 * A listening Unix stream socket that was handed over: its sessions may do everything, its file
 * is left alone. Owns fd from here on where it returns true.
 */
bool control_adopt(struct control *control, int fd, char **error);
/* Whether there is any socket: then the operator of a lost terminal can come back. */
bool control_listens(const struct control *control);
void control_start(struct control *control);
/* Lets nobody in any more and removes the files; sessions stay. */
void control_stop(struct control *control);
/*
 * Ends all sessions, whose readers get so many microseconds, all together, to take what waits;
 * a signal ends the wait. NULL is fine.
 */
void control_destroy(struct control *control, int64_t patience);

#endif
