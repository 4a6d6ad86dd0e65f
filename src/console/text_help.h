/* SPDX-License-Identifier: GPL-3.0-or-later */
/* /help: how to speak with peers, first of all. */
#ifndef TELEX_CONSOLE_TEXT_HELP_H
#define TELEX_CONSOLE_TEXT_HELP_H

struct console;
struct result;

void text_help(struct console *console, const struct result *result);

#endif
