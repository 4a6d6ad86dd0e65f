/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words that may stand where an argument of some kind does, for readline to complete. */
#ifndef TELEX_CONSOLE_TERMINAL_WORDS_H
#define TELEX_CONSOLE_TERMINAL_WORDS_H

#include <stdbool.h>

#include "base/cast.h"
#include "base/ut.h"
#include "command/command.h"

struct console;

enum { TERMINAL_WORDS_MAX = 1000 /* of more, a person is told only that there are */ };

struct terminal_words {
    CAST_MARK;
    const struct console *console;
    const char *text;  /* what is typed of the word */
    enum key_use keys; /* what an endpoint is for */
    UT_array *found;   /* malloc'ed strings */
    bool too_many;     /* to find, or to choose from */
};

/* Finds those that begin with text. */
typedef void terminal_words_source(struct terminal_words *words);

/* NULL: no idea. */
terminal_words_source *terminal_words_of(enum argument_kind kind);

#endif
