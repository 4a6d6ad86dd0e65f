/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cuts what a terminal sends into whole keys: a character of UTF-8, or a control sequence as
 * ECMA-48 has it. What is pasted stands between marks ("bracketed paste", xterm's mode 2004)
 * and is text, whatever it holds. No descriptor, no readline, no clock: bytes may come cut
 * anywhere.
 */
#ifndef TELEX_CONSOLE_TERMINAL_KEYS_H
#define TELEX_CONSOLE_TERMINAL_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ut.h"

enum { TERMINAL_KEYS_TEXT_MAX = 4096 }; /* bytes of text in one piece */

struct terminal_keys {
    UT_string bytes; /* as they came */
    size_t taken;    /* of bytes */
    bool pasting;
    bool after_return; /* pasted: a newline now belongs to the carriage return before it */
};

enum terminal_keys_what {
    TERMINAL_KEYS_NONE,   /* nothing, or nothing whole yet */
    TERMINAL_KEYS_KEY,    /* one key was typed */
    TERMINAL_KEYS_PASTE,  /* a paste begins */
    TERMINAL_KEYS_TEXT,   /* pasted: whole characters of one line, without NULs */
    TERMINAL_KEYS_LINE,   /* pasted: a line has ended */
    TERMINAL_KEYS_PASTED, /* the paste has ended */
};

void terminal_keys_init(struct terminal_keys *keys);
void terminal_keys_finish(struct terminal_keys *keys);
void terminal_keys_add(struct terminal_keys *keys, const char *data, size_t size);
/*
 * Takes the next one. *bytes and *size tell of a key or a text, until the next call. settled:
 * nothing has come for a while, so that what is unfinished is all there will be.
 */
enum terminal_keys_what terminal_keys_next(struct terminal_keys *keys, bool settled,
                                           const char **bytes, size_t *size);
/* Bytes wait that are not whole, and begin like a control sequence: a time settles them. */
bool terminal_keys_unsettled(const struct terminal_keys *keys);
/* Whether a key of one byte, this one, is among what waits and was not pasted. */
bool terminal_keys_hold(const struct terminal_keys *keys, char key);
/* How many bytes wait. */
size_t terminal_keys_size(const struct terminal_keys *keys);
/* Whether terminal_keys_next would find something. */
bool terminal_keys_waiting(const struct terminal_keys *keys);
/* Drops what waits, the paste that it may be part of too. */
void terminal_keys_drop(struct terminal_keys *keys);

#endif
