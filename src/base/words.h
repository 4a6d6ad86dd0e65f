/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words that people choose among, each with its place in an array that NULL ends. */
#ifndef TELEX_BASE_WORDS_H
#define TELEX_BASE_WORDS_H

/*
 * The place of word. Negative where it is none of them, with *error: "unknown view 'x': use
 * text, hex, size or none".
 */
int words_parse(const char *const words[], const char *what, const char *word, char **error);
/* "text, hex, size or none". malloc'ed. */
char *words_list(const char *const words[]);

#endif
