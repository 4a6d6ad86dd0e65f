/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A terminal of which each key goes to the far end as it is pressed, TAB and Ctrl-C too, as in
 * tio(1) and picocom(1): telex --raw on a serial line, or with a program. Ctrl-T begins what is
 * for us, and said twice it is one for the far end.
 */
#ifndef TELEX_CLIENT_KEYPRESS_H
#define TELEX_CLIENT_KEYPRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

#include "base/ut.h"

/* X(KEY, 'key', "what it does"): behind Ctrl-T. */
#define KEYPRESS_LIST(X)               \
    X(QUIT, 'q', "quit")               \
    X(BREAK, 'b', "send a break")      \
    X(DTR, 'd', "turn DTR on, or off") \
    X(RTS, 'r', "turn RTS on, or off") \
    X(HELP, '?', "show these keys")

enum keypress_wish {
    KEYPRESS_NOTHING,
#define KEYPRESS_ENUM(key, letter, text) KEYPRESS_##key,
    KEYPRESS_LIST(KEYPRESS_ENUM)
#undef KEYPRESS_ENUM
};

struct keypress {
    bool prefixed; /* Ctrl-T was the last one */
    bool taken;    /* the terminal is ours */
    struct termios former;
};

/* Has the terminal at stdin give each key at once, or as it did before; zeroed it is as it was.
 * What it shows goes through it as before. */
void keypress_set(struct keypress *keypress, bool on);
/*
 * Appends to out the keys that go to the far end, up to the first wish, KEYPRESS_NOTHING where
 * there is none. Returns how many bytes that took.
 */
size_t keypress_take(struct keypress *keypress, const char *data, size_t size, UT_string *out,
                     enum keypress_wish *wish);
/* "Ctrl-T and q: quit; ...", malloc'ed. */
char *keypress_help(void);

#endif
