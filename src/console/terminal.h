/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The console on a terminal: GNU readline's callback interface, events above the line being
 * typed, a prompt that names the target, history kept across runs. One in a process, because
 * readline is.
 */
#ifndef TELEX_CONSOLE_TERMINAL_H
#define TELEX_CONSOLE_TERMINAL_H

#include <stdbool.h>

#include "console/pipe.h"

struct console;
struct console_settings;
struct loop;
struct terminal;

/* Whether in and out can carry it: both are terminals. */
bool terminal_possible(int in, int out);

/*
 * On descriptors 0 and 1. hooks->end is Ctrl-D at an empty prompt (as often as it is typed), or
 * the end of a terminal that has gone: see terminal_hung_up.
 */
struct terminal *terminal_create(struct loop *loop, const struct console_settings *settings,
                                 const struct console_hooks *hooks);
/* Restores the terminal. */
void terminal_destroy(struct terminal *terminal);
void terminal_start(struct terminal *terminal);
/*
 * SIGINT: clears the line where something is typed, or asks whether the end is meant, and
 * returns true; false where it means what it means to the program.
 */
bool terminal_interrupt(struct terminal *terminal);
/* The end has begun: nothing is asked before it any more. */
void terminal_ending(struct terminal *terminal);
/* The line is gone (the window was closed, the connection broke). */
bool terminal_hung_up(const struct terminal *terminal);
struct console *terminal_base(struct terminal *terminal);

#endif
