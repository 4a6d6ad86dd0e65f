/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines that were entered and are not answered yet, in their order. The row in which a text was
 * typed is taken off the screen at once, since what is said to be sent takes its place; where
 * it comes otherwise, the row is shown again, above the answer. No screen, no clock.
 */
#ifndef TELEX_CONSOLE_TERMINAL_ECHO_H
#define TELEX_CONSOLE_TERMINAL_ECHO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ut.h"
#include "console/console.h"

enum {
    TERMINAL_ECHO_MAX = 256,      /* lines; of more, the oldest are as good as answered */
    TERMINAL_ECHO_TEXT_MAX = 4096 /* bytes that are shown again of a text */
};

struct terminal_echo_line;

struct terminal_echo {
    struct terminal_echo_line *lines; /* utlist, the oldest first */
    unsigned count;
};

void terminal_echo_finish(struct terminal_echo *echo);

/* Whether what the console says to be sent can stand for the line: a text, to whomever. */
bool terminal_echo_wanted(const struct console *console, const char *line, size_t size);
/* A line was entered. prompt: what stood before it, where it is not on the screen any more;
 * NULL: it is. */
void terminal_echo_add(struct terminal_echo *echo, const char *prompt, const char *line,
                       size_t size);
/* What is written next is that answer to the oldest line. Appends the rows that come before. */
void terminal_echo_answer(struct terminal_echo *echo, enum console_answer answer,
                          UT_string *out);
/* Appends the rows of all lines that nothing has been said of; they stay. */
void terminal_echo_show(struct terminal_echo *echo, UT_string *out);
/* Whether there are such rows. */
bool terminal_echo_waits(const struct terminal_echo *echo);

#endif
