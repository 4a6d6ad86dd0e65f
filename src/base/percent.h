/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes as %XX (RFC 3986 2.1), in paths and in the values of keys. */
#ifndef TELEX_BASE_PERCENT_H
#define TELEX_BASE_PERCENT_H

#include <stdbool.h>

#include "base/ut.h"

/*
 * Decodes %XX in place. what ("path") is for the message: on failure *error (malloc'ed) says
 * what cannot stand in it.
 */
bool percent_decode(char *text, const char *what, char **error);
/* Appends text such that it decodes to the same and is one safe word: %, ?, &, blanks and what
 * is not printable UTF-8 as %xx. */
void percent_encode(UT_string *out, const char *text);
/* The same of a command, which is no word: blanks and & stay as they are. */
void percent_encode_command(UT_string *out, const char *text);

#endif
