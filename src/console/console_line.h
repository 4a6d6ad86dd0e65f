/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines that a console runs, as its other parts see it: one at a time, each to its answer.
 */
#ifndef TELEX_CONSOLE_CONSOLE_LINE_H
#define TELEX_CONSOLE_CONSOLE_LINE_H

#include <stdbool.h>

struct console;
struct job;

/* Reads no input for that reason (enum console_input_hold), or no longer for it. */
void console_hold_input(struct console *console, unsigned reason, bool on);
/* One piece of the answer that takes more than a turn: console->task_job. */
void console_run_task(struct job *job);
/* The operator's task has begun, can go on, or is over. */
void console_task_changed(struct console *console);

#endif
