/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands in the environment of a program: little of ours, and for whom it runs. */
#ifndef TELEX_TRANSPORT_EXEC_ENVIRONMENT_H
#define TELEX_TRANSPORT_EXEC_ENVIRONMENT_H

#include "core/peer.h"

/*
 * Of the program whose peer that is; where a caller is joined to it, it runs for that one.
 * PATH, HOME, LANG and TZ, as far as they are set here; and of who it is for TELEX_PEER,
 * TELEX_REMOTE, TELEX_LOCAL and TELEX_NAME, which is empty where it has no name. "NAME=value",
 * NULL at the end.
 */
char **exec_environment_create(const struct peer *program);
void exec_environment_destroy(char **environment);

#endif
