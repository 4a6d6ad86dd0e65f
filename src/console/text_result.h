/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers to commands as people read them: tables, lists, help. */
#ifndef TELEX_CONSOLE_TEXT_RESULT_H
#define TELEX_CONSOLE_TEXT_RESULT_H

struct console;
struct result;

void text_result(struct console *console, const struct result *result);

#endif
