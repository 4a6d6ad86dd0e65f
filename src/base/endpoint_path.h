/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The path of a unix endpoint, as it is typed and as it is kept. */
#ifndef TELEX_BASE_ENDPOINT_PATH_H
#define TELEX_BASE_ENDPOINT_PATH_H

#include <stdbool.h>

/* Whether a word is a Unix socket without a scheme: "/x", "./x", "../x", "~/x". */
bool endpoint_path_is(const char *word);
/*
 * What an endpoint keeps (malloc'ed) of text, which is decoded in place. Where text begins with
 * "@" it is "@NAME", an abstract socket; else the path of a file, with "~" expanded, which
 * begins with neither. NULL with *error (malloc'ed).
 */
char *endpoint_path_parse(char *text, char **error);

#endif
