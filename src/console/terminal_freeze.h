/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ctrl-S and Ctrl-Q: the display is held while typing and sending go on. What comes waits, up
 * to a backlog's worth; what comes then is skipped and told as lost. Nobody else waits.
 */
#ifndef TELEX_CONSOLE_TERMINAL_FREEZE_H
#define TELEX_CONSOLE_TERMINAL_FREEZE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ut.h"

struct terminal;

void terminal_freeze(struct terminal *terminal, bool on);
/* Something has come that waits. */
void terminal_freeze_news(struct terminal *terminal);
/* Looks later on how much was skipped meanwhile: nobody tells of that. */
void terminal_freeze_watch(struct terminal *terminal);
/* Appends "-- 37 new, Ctrl-Q goes on -- ", for the prompt; nothing unless it is held. */
void terminal_freeze_note(const struct terminal *terminal, UT_string *out);
/* The backlog that the console is told of while so many bytes wait: events find no room past
 * the console's own bound, but input is read until answers take four times as much. */
size_t terminal_freeze_backlog(size_t waits);

#endif
