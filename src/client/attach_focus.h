/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How this console of a daemon shows messages, and which: what the daemon was told of that is
 * kept here too, since it is drawn here, and since another daemon has to be told it again.
 */
#ifndef TELEX_CLIENT_ATTACH_FOCUS_H
#define TELEX_CLIENT_ATTACH_FOCUS_H

#include <stdbool.h>

struct attach;
struct command;
struct node;

/* As it was said at the start; before a daemon is asked. */
void attach_focus_begin(struct attach *attach);
/* Whether a line of this command, once it was done, is for attach_focus_done. */
bool attach_focus_changes(const struct command *command);
/* The daemon has done that line. */
void attach_focus_done(struct attach *attach, const char *line);
/* Tells a daemon that has just greeted us. */
void attach_focus_ask(struct node *node);

#endif
