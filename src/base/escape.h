/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Safe display of bytes from outside (the contract, section 4): whatever goes in, what comes
 * out is printable UTF-8 on one line, and distinct inputs give distinct outputs.
 */
#ifndef TELEX_BASE_ESCAPE_H
#define TELEX_BASE_ESCAPE_H

#include "base/ut.h"

/*
 * Appends data to out: printable UTF-8 as it is; a backslash as \\; newline, carriage return
 * and tab as \n \r \t; other control characters, DEL and bytes that are not UTF-8 as \xHH (two
 * lower-case digits); other unprintable characters as \uHHHH, above U+FFFF as \UHHHHHHHH.
 */
void escape_bytes(UT_string *out, const void *data, size_t size);

/* The same for a string; the result is malloc'ed. */
char *escape_string(const char *text);

/*
 * The same for a sentence of ours, which may quote words that are escaped already: backslashes
 * stay as they are, so that nothing is escaped twice.
 */
void escape_message(UT_string *out, const char *message);

/* As escape_bytes, but a newline stays a newline and a tab a tab: for a stream shown as a text.
 */
void escape_text(UT_string *out, const void *data, size_t size);

#endif
