/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of telexd put together, from the first bind to the last close. */
#ifndef TELEX_SERVER_DAEMON_H
#define TELEX_SERVER_DAEMON_H

struct settings;

/* Binds, serves, ends; says its errors. SIGHUP may change settings. Returns the exit status. */
int daemon_run(struct settings *settings);

#endif
