/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first line of a daemon says who speaks, and how; or why nobody will. */
#ifndef TELEX_CLIENT_FOLLOW_GREETING_H
#define TELEX_CLIENT_FOLLOW_GREETING_H

#include <jansson.h>
#include <stdbool.h>

/* name: of the event, or NULL. False with *error (malloc'ed) where it is no greeting of a
 * daemon that we understand. */
bool follow_greeting_check(const json_t *event, const char *name, char **error);

#endif
