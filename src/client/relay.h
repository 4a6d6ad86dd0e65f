/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * telex attach --json: a daemon's JSON Lines as they are on stdout, and the lines of stdin to
 * the daemon, until all of them are answered.
 */
#ifndef TELEX_CLIENT_RELAY_H
#define TELEX_CLIENT_RELAY_H

struct attach_settings;

/* Returns the program's exit status. */
int relay_run(const struct attach_settings *settings);

#endif
