/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tab: commands, and what their arguments may be, from the command table and the hub. */
#ifndef TELEX_CONSOLE_TERMINAL_COMPLETE_H
#define TELEX_CONSOLE_TERMINAL_COMPLETE_H

struct console;

/* Tells readline; NULL: no more. */
void terminal_complete_init(struct console *console);

#endif
