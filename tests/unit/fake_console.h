/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A console in the fake world whose front keeps what is written and is as full as told. */
#ifndef TELEX_TESTS_FAKE_CONSOLE_H
#define TELEX_TESTS_FAKE_CONSOLE_H

#include "console/console.h"
#include "console/renderer.h"
#include "fake_operator.h"

struct fake_console {
    struct console console; /* first */
    struct fake *world;
    struct fake_operator program; /* for its program alone */
    struct operators operators;   /* it alone, where its settings name no others */
    UT_string written;
    UT_string taken;
    size_t backlog; /* what the front says of itself, besides nothing */
    bool input_held;
    unsigned holds;   /* calls of hold_input */
    unsigned changes; /* set of 1 << enum operator_change, since the start */
};

/*
 * Console number 1 of the daemon. settings: what differs from a plain one (hub, program,
 * commands, renderer and number are filled in where they are not set); NULL: nothing.
 */
void fake_console_init(struct fake_console *fake, struct fake *world,
                       const struct renderer *renderer,
                       const struct console_settings *settings);
void fake_console_finish(struct fake_console *fake);

/* What was written since the last call, borrowed until the next. */
const char *fake_console_take(struct fake_console *fake);
/* Runs a line and returns what was written from then on. */
const char *fake_console_say(struct fake_console *fake, const char *line);

#endif
