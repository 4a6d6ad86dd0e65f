/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that a terminal is made of: what the files terminal*.c share that know of it. */
#ifndef TELEX_CONSOLE_TERMINAL_STATE_H
#define TELEX_CONSOLE_TERMINAL_STATE_H

#include <stdbool.h>

#include "base/cast.h"
#include "console/console.h"
#include "console/pipe.h"
#include "console/terminal_ask.h"
#include "console/terminal_echo.h"
#include "console/terminal_screen.h"

struct terminal {
    struct console console; /* first: fronts are found from consoles */
    CAST_MARK;
    struct console_hooks hooks;
    struct loop *loop;
    bool started;
    struct outlet *outlet;
    struct terminal_screen screen;
    struct terminal_echo echo;
    struct terminal_ask ask;
    struct timeout *draw;
    struct timeout *soon;       /* the hooks, outside readline */
    struct timeout *parked;     /* in the background: looks whether we are back */
    struct timeout *unanswered; /* shows what was typed, since nothing has taken its place */
    struct watch *resized;
    struct watch *continued;
    struct watch *stopped;
    uint64_t news;  /* pieces of output since the display is held */
    bool installed; /* readline has its handler */
    bool ended;     /* Ctrl-D, or hung up: the hook is due */
    bool hung_up;
    bool ending; /* it was meant: nothing is asked any more */
};

/* Puts what is to be shown above the line being typed, behind the prompt as it is now. */
void terminal_draw(struct terminal *terminal);

#endif
