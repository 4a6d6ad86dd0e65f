/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of telex put together: one call, and its two directions. */
#ifndef TELEX_CLIENT_CLIENT_H
#define TELEX_CLIENT_CLIENT_H

struct settings;

/*
 * Calls, talks, ends; says its errors. Returns the exit status, or dies by the signal that
 * ended it.
 */
int client_run(struct settings *settings);

#endif
