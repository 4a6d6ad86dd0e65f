/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is entered at a terminal, from the key to whoever runs the line. */
#ifndef TELEX_CONSOLE_TERMINAL_LINE_H
#define TELEX_CONSOLE_TERMINAL_LINE_H

#include "console/console.h"

struct loop;
struct terminal;

/* One terminal in a process: readline's callbacks carry no argument. */
void terminal_line_init(struct terminal *terminal, struct loop *loop);
void terminal_line_finish(struct terminal *terminal);
/* Shows the prompt, and has readline give us what is entered. */
void terminal_line_install(struct terminal *terminal);
/* Of the front: what is written next comes of a line. */
void terminal_line_answers(struct console *console, enum console_answer answer);

#endif
