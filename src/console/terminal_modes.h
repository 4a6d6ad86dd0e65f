/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The modes of the terminal on descriptor 0. They are put back at exit and when the program
 * crashes, so that the shell stays usable. None of these calls waits for output to drain, as a
 * terminal stopped by Ctrl-S would make it wait for ever.
 */
#ifndef TELEX_CONSOLE_TERMINAL_MODES_H
#define TELEX_CONSOLE_TERMINAL_MODES_H

#include <stdbool.h>

/* This process may use the terminal now; a background job may not. */
bool terminal_modes_foreground(void);
/* It has hung up. */
bool terminal_modes_gone(void);
/* Single keys without echo, as readline wants them; remembers what was, and whether the
 * terminal is to mark pastes until then. */
void terminal_modes_enter(bool marks_pastes);
/* Forgets the keys that nobody has read. */
void terminal_modes_drop(void);
/* What was. Nothing happens in the background, where the terminal is the shell's. */
void terminal_modes_leave(void);

#endif
