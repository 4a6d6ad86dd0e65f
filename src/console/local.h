/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The console of the process itself, on stdin and stdout: a terminal with line editing where
 * both are terminals and text is spoken, else plain lines.
 */
#ifndef TELEX_CONSOLE_LOCAL_H
#define TELEX_CONSOLE_LOCAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "console/pipe.h"

struct console;
struct console_settings;
struct loop;
struct local;

/*
 * Creates it holding its input. Where stderr is the same terminal, pipe or file as stdout, it
 * shows what log_error says, too. settings->renderer, colours, fold and hold_streams are filled
 * in here.
 */
struct local *local_create(struct loop *loop, const struct console_settings *settings,
                           bool json, const struct console_hooks *hooks);
/*
 * Restores the terminal, or gives the reader of a pipe settings->patience. Returns how many
 * bytes of output it did not take. NULL is fine.
 */
size_t local_destroy(struct local *local);
/* How long local_destroy gives the reader of a pipe, instead of what the settings said. */
void local_set_patience(struct local *local, int64_t microseconds);
/* On a terminal: says where help is. */
void local_greet(struct local *local);
/* Reads input from here on. */
void local_start(struct local *local);
bool local_is_terminal(const struct local *local);
/* SIGINT: true where it cleared what was being typed, or was asked about, and so is done with.
 */
bool local_interrupt(struct local *local);
/* On a terminal: what was typed and not read yet is forgotten, so that no shell runs it. */
void local_drop_typed(const struct local *local);
/* The end has begun: nothing is asked before it any more. */
void local_ending(struct local *local);
/* The terminal is gone: what ended is the line to it, the operator did not say so. */
bool local_hung_up(const struct local *local);
/* The errno that broke stdout, or 0. */
int local_error(const struct local *local);
struct console *local_base(struct local *local);

#endif
