/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands on the terminal: the line being typed, which readline draws, and what is printed
 * above it. All of it goes through an outlet, so that a stopped terminal stops nothing else. Of
 * a line of more than 4 KiB the part around the cursor is shown, between marks.
 */
#ifndef TELEX_CONSOLE_TERMINAL_SCREEN_H
#define TELEX_CONSOLE_TERMINAL_SCREEN_H

#include <stdbool.h>
#include <stdio.h>

#include "base/cast.h"
#include "base/ut.h"

struct outlet;

struct terminal_screen {
    struct outlet *outlet;
    CAST_MARK;
    FILE *stream;      /* readline's output: goes to the outlet */
    UT_string pending; /* output for above the line being typed */
    char *prompt;      /* as readline has it */
    bool shown;        /* the line being typed is on the terminal */
    bool marks_pastes; /* inputrc has nothing against it */
    bool frozen;       /* what is pending waits */
    bool entered;      /* the line was, and still stands there with the cursor in it */
    bool deferred;     /* readline's drawing waits */
    bool stale;        /* and it has something to draw */
};

/* Sets readline up for it; descriptor 0 is where keys come from. outlet stays the caller's. */
void terminal_screen_init(struct terminal_screen *screen, struct outlet *outlet);
void terminal_screen_finish(struct terminal_screen *screen);

/* Sets the modes of the terminal, and has it mark what is pasted, unless inputrc is against it.
 * terminal_modes_leave ends both. */
void terminal_screen_enter(struct terminal_screen *screen);
/* The line that was entered is taken off the terminal; false where it stands there for good. */
bool terminal_screen_take_off(struct terminal_screen *screen);
/* Leaves it there, and goes to a new row. */
void terminal_screen_leave(struct terminal_screen *screen);
/* Takes the line being typed off the terminal, and draws it again on a new line. Nothing
 * happens while it is not shown. */
void terminal_screen_hide(struct terminal_screen *screen);
void terminal_screen_show(struct terminal_screen *screen);
/* The line has changed without readline: it is drawn when defer ends. */
void terminal_screen_changed(struct terminal_screen *screen);
/* While on, readline's drawing of the line waits; when it ends, it is drawn once. */
void terminal_screen_defer(struct terminal_screen *screen, bool on);
/* Draws the line for the size that the terminal has now. */
void terminal_screen_resized(struct terminal_screen *screen);
/* Puts what is pending above the line being typed; prompt is the one from now on. */
void terminal_screen_draw(struct terminal_screen *screen, const char *prompt);
/* readline is in the middle of a search or an argument, with a prompt of its own. */
bool terminal_screen_busy(void);

#endif
