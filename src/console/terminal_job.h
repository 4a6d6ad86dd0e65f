/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terminal as something that a shell lends: foreground, background, Ctrl-Z, its size. */
#ifndef TELEX_CONSOLE_TERMINAL_JOB_H
#define TELEX_CONSOLE_TERMINAL_JOB_H

struct terminal;

/* Makes and frees the events for it. */
void terminal_job_init(struct terminal *terminal);
void terminal_job_finish(struct terminal *terminal);
/* Takes the terminal, now or when it is ours, and shows the line being typed. */
void terminal_job_start(struct terminal *terminal);
/* Asks how wide it is. */
void terminal_job_measure(struct terminal *terminal);

#endif
