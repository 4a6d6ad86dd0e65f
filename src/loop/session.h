/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All processes of a session, credentials(7). A shell on a terminal gives each of its jobs a
 * group of its own, so that the group of the shell is not all that it has started. While one of
 * a session is there, nobody else gets the number of its leader.
 */
#ifndef TELEX_LOOP_SESSION_H
#define TELEX_LOOP_SESSION_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Calls deed for each, zombies too; NULL: nothing is done to them. Returns whether there are
 * any. It looks through /proc; where that is not there, for no more than the leader's group,
 * as kill(2) has it.
 */
bool session_visit(pid_t session, void (*deed)(pid_t pid));

#endif
