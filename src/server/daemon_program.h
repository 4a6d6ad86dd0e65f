/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What commands ask of the daemon: to listen, to call, to end. */
#ifndef TELEX_SERVER_DAEMON_PROGRAM_H
#define TELEX_SERVER_DAEMON_PROGRAM_H

struct daemon;

/* Fills in daemon->program. shutdown is called with the daemon. */
void daemon_program_init(struct daemon *daemon, void (*shutdown)(void *context));

#endif
