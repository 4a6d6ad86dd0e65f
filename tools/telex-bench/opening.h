/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connecting all clients before the run begins. */
#ifndef TELEX_BENCH_OPENING_H
#define TELEX_BENCH_OPENING_H

#include <stdbool.h>

struct run;

/*
 * Connects run->settings->clients, some at a time (unless their mode does so itself). False,
 * with a sentence in *error (malloc'ed), where one does not succeed or the run was interrupted.
 */
bool opening_all(struct run *run, char **error);

#endif
