/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines that a console runs, as its other parts see it: one at a time, each to its answer.
 */
#ifndef TELEX_CONSOLE_CONSOLE_LINE_H
#define TELEX_CONSOLE_CONSOLE_LINE_H

#include <stdbool.h>

struct console;
struct job;
struct operator_session;
struct repeat_card;

/* Reads no input for that reason (enum console_input_hold), or no longer for it. */
void console_hold_input(struct console *console, unsigned reason, bool on);
/* Runs a line of /every, while input would be read. */
bool console_repeat(struct operator_session *session, const struct repeat_card *card);
/* One piece of the answer that takes more than a turn: console->task_job. */
void console_run_task(struct job *job);
/* The operator's task has begun, can go on, or is over. */
void console_task_changed(struct console *console);

#endif
