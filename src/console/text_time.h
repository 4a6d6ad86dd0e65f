/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The time with which a line for people begins, in the form that its console has chosen. */
#ifndef TELEX_CONSOLE_TEXT_TIME_H
#define TELEX_CONSOLE_TEXT_TIME_H

#include <stdint.h>

#include "core/time_form.h"

struct console;

/*
 * Appends it and a blank, dimmed; time is in microseconds since the epoch. Returns the cells,
 * which are the same for all times of one form.
 */
unsigned text_time(struct console *console, int64_t time);
/* So many, for any time. */
unsigned text_time_cells(enum time_form form);
/* A message is shown that bears this time: delta counts from here. */
void text_time_message(struct console *console, int64_t time);

#endif
