/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an endpoint has in place of a host: the path of a Unix socket or of a device, or a
 * command; as it is typed and as it is kept. */
#ifndef TELEX_BASE_ENDPOINT_PATH_H
#define TELEX_BASE_ENDPOINT_PATH_H

#include <stdbool.h>

#include "base/scheme.h"

/* Whether a word is a Unix socket without a scheme: "/x", "./x", "../x", "~/x". */
bool endpoint_path_is(const char *word);
/*
 * What an endpoint keeps (malloc'ed) of text, which is decoded in place. Of a Unix socket it is
 * "@NAME" where text begins with "@", an abstract one. Else the path of a file, with "~"
 * expanded, which begins with neither; a command is as it stands. NULL with *error (malloc'ed).
 */
char *endpoint_path_parse(enum scheme_form form, char *text, char **error);

#endif
