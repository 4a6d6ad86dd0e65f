/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Safe display of bytes from outside: whatever goes in, what comes out is printable UTF-8 on
 * one line, no byte is hidden, and distinct inputs give distinct outputs. What cannot be shown
 * as it is, is decided by utf8_advance, so LC_CTYPE should be UTF-8.
 */
#ifndef TELEX_BASE_ESCAPE_H
#define TELEX_BASE_ESCAPE_H

#include "base/ut.h"

/* So many combining marks on one letter are shown; further ones would hide what is near. */
enum { ESCAPE_MARKS = 2 };

/*
 * Appends data to out: printable UTF-8 as it is; a backslash as \\; newline, carriage return
 * and tab as \n \r \t; other control characters, DEL and bytes that are not UTF-8 as \xHH (two
 * lower-case digits); other unprintable characters as \uHHHH, above U+FFFF as \UHHHHHHHH. So
 * are marks without a letter before them, which would change what stands before data, and those
 * beyond ESCAPE_MARKS.
 */
void escape_bytes(UT_string *out, const void *data, size_t size);

/* The same for a string; the result is malloc'ed. */
char *escape_string(const char *text);

/* A word that was typed, for a sentence: the same in single quotes, and cut where it is long.
 * malloc'ed. */
char *escape_quote(const char *word);

/*
 * The same as escape_bytes for a sentence of ours, which may quote words that are escaped
 * already: backslashes stay as they are, so that nothing is escaped twice.
 */
void escape_message(UT_string *out, const char *message);

/* As escape_bytes, but a newline stays a newline and a tab a tab: for a stream shown as a text.
 */
void escape_text(UT_string *out, const void *data, size_t size);

/* The length of the escape sequence that a text begins with, at most size; 0: it is none. */
size_t escape_length(const char *shown, size_t size);
/* How many bytes it were of which escape_bytes made size bytes at shown, no sequence cut. */
size_t escape_source(const char *shown, size_t size);

#endif
