/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Words that people choose among, each with its place in an array that NULL ends; and lists of
 * words as sentences have them.
 */
#ifndef TELEX_BASE_WORDS_H
#define TELEX_BASE_WORDS_H

#include <stdbool.h>

#include "base/ut.h"

/*
 * The place of word. Negative where it is none of them, with *error: "unknown view 'x': use
 * text, hex, size or none".
 */
int words_parse(const char *const words[], const char *what, const char *word, char **error);
/* Whether it is yes or no, and which. */
bool words_yes(const char *word, bool *yes);
/* "text, hex, size or none". malloc'ed. */
char *words_list(const char *const words[]);

/* Appends one more to a list that may be empty: "eol, framing". */
void words_add(UT_string *list, const char *word);
/* Whether they are not the same; NULL is like NULL alone. */
bool words_differ(const char *one, const char *other);

#endif
