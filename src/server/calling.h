/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calls that command line and file name: one after another, and all of them at start. */
#ifndef TELEX_SERVER_CALLING_H
#define TELEX_SERVER_CALLING_H

#include <stdbool.h>

struct calls;
struct settings;

/* Whether the files that they name can be used. False with *error (malloc'ed, a sentence). */
bool calling_check(const struct settings *settings, char **error);
/* Begins all calls of settings; what cannot even be tried is said. */
void calling_start(const struct settings *settings, struct calls *calls);
/*
 * One of them, by its text: calls_end ends it. False with *error (malloc'ed, a sentence) where
 * it cannot even be tried; with again= it is tried again all the same.
 */
bool calling_begin(const struct settings *settings, struct calls *calls, const char *text,
                   char **error);

/* From the calls of former to those of settings: what is in one alone is ended, or begun. */
void calling_change(const struct settings *former, const struct settings *settings,
                    struct calls *calls);

#endif
