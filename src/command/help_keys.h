/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What /help says of the keys of endpoints. */
#ifndef TELEX_COMMAND_HELP_KEYS_H
#define TELEX_COMMAND_HELP_KEYS_H

#include "core/keys.h"

struct program;

/* text, and what may stand behind an endpoint for that use, in lines of at most 72 columns.
 * malloc'ed. */
char *help_keys(const char *text, enum key_use use, const struct program *program);

#endif
