/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands on the terminal: the line being typed, which readline draws, and what is printed
 * above it. All of it goes through an outlet, so that a stopped terminal stops nothing else.
 */
#ifndef TELEX_CONSOLE_TERMINAL_SCREEN_H
#define TELEX_CONSOLE_TERMINAL_SCREEN_H

#include <stdbool.h>
#include <stdio.h>

#include "base/ut.h"

struct outlet;

struct terminal_screen {
    struct outlet *outlet;
    FILE *stream;      /* readline's output: goes to the outlet */
    UT_string pending; /* output for above the line being typed */
    char *prompt;      /* as readline has it */
    bool shown;        /* the line being typed is on the terminal */
};

/* Sets readline up for it; descriptor 0 is where keys come from. outlet stays the caller's. */
void terminal_screen_init(struct terminal_screen *screen, struct outlet *outlet);
void terminal_screen_finish(struct terminal_screen *screen);

/* Takes the line being typed off the terminal, and draws it again on a new line. Nothing
 * happens while it is not shown. */
void terminal_screen_hide(struct terminal_screen *screen);
void terminal_screen_show(struct terminal_screen *screen);
/* Puts what is pending above the line being typed; prompt is the one from now on. */
void terminal_screen_draw(struct terminal_screen *screen, const char *prompt);
/* readline is in the middle of a search or an argument, with a prompt of its own. */
bool terminal_screen_busy(void);

#endif
