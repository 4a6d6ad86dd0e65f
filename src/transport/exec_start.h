/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the program of an exec: endpoint is started: between a pair of sockets and a pipe, or on
 * a pseudo-terminal. */
#ifndef TELEX_TRANSPORT_EXEC_START_H
#define TELEX_TRANSPORT_EXEC_START_H

#include <stdbool.h>

#include "base/exit_status.h"

struct children;
struct peer;

struct exec_start {
    struct children *children;
    const struct peer *peer;                                 /* whose program it is */
    void (*ended)(void *context, struct exit_status status); /* as of child_create */
    void *context;
};

/* Descriptors are ours, and do not block. */
struct exec_started {
    struct child *child;
    int line;   /* its stdin and stdout */
    int errors; /* its stderr; -1: that is the terminal */
};

/* False with *error (malloc'ed). */
bool exec_start(const struct exec_start *start, struct exec_started *started, char **error);

#endif
