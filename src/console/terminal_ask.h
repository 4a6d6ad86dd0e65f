/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks once before what ends the lines of everybody: whoever says it again, with nothing else
 * in between, means it. No screen, no keys.
 */
#ifndef TELEX_CONSOLE_TERMINAL_ASK_H
#define TELEX_CONSOLE_TERMINAL_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct console;

enum terminal_ask_what {
    TERMINAL_ASK_NOTHING,
    TERMINAL_ASK_END,  /* the program, and so all lines */
    TERMINAL_ASK_CLOSE /* all lines */
};

enum { TERMINAL_ASK_MAX = 60000000 }; /* microseconds until a question is forgotten */

struct terminal_ask {
    enum terminal_ask_what what; /* that was asked last */
    int64_t time;                /* when, of loop_clock */
    uint64_t keys;               /* typed until then */
};

/* What a line would do. */
enum terminal_ask_what terminal_ask_line(const struct console *console, const char *line,
                                         size_t size);
/*
 * Whether that is to be asked, which is remembered; not where it was the last thing asked, and
 * nothing was typed since but what says it again. keys: typed so far; of them the last own ones
 * say it. now: of loop_clock.
 */
bool terminal_ask_before(struct terminal_ask *ask, enum terminal_ask_what what, int64_t now,
                         uint64_t keys, uint64_t own);
/* Something else was done. */
void terminal_ask_forget(struct terminal_ask *ask);
/* "12 peers are on the line: again to end", with its newline; "" where nobody is. */
enum { TERMINAL_ASK_TEXT = 80 };
void terminal_ask_text(const struct console *console, enum terminal_ask_what what,
                       char text[TERMINAL_ASK_TEXT]);

#endif
