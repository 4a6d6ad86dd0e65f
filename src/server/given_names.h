/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names that listeners of the settings give, before there are listeners: each but once. */
#ifndef TELEX_SERVER_GIVEN_NAMES_H
#define TELEX_SERVER_GIVEN_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* Zeroed, none is given. */
struct given_names {
    char **names;
    size_t count;
};

/* One more; NULL: a listener without a name. False with *error (malloc'ed) where it is given.
 */
bool given_names_add(struct given_names *given, const char *name, char **error);
void given_names_finish(struct given_names *given);

#endif
