/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands before the line being typed: to whom it would go, and whether it would at all. */
#ifndef TELEX_CONSOLE_TERMINAL_PROMPT_H
#define TELEX_CONSOLE_TERMINAL_PROMPT_H

#include "base/ut.h"

struct console;

/*
 * Appends "#3 boiler> ", "boiler (away)> " while that one is, "> " without a target,
 * "127.0.0.1:6379> " where the console has one far end only (cut to half of a row), each with
 * " (read-only)" where that is so. Safe to display.
 */
void terminal_prompt_make(UT_string *out, const struct console *console);

#endif
