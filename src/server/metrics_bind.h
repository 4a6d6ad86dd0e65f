/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where metrics may be served: on this machine only, without a password as they are. */
#ifndef TELEX_SERVER_METRICS_BIND_H
#define TELEX_SERVER_METRICS_BIND_H

#include <stdbool.h>

#include "loop/bind.h"

struct unix_path;

struct metrics_sockets {
    struct bound bound;
    struct unix_path *file;
};

/* unix:PATH, with mode= perhaps, or tcp on a loopback address or localhost. On failure *error
 * (malloc'ed) is a sentence on the endpoint. */
bool metrics_bind_check(const char *text, char **error);
/* *error: "cannot listen on ENDPOINT: reason". Port 0 is told on stderr. */
bool metrics_bind(const char *text, struct metrics_sockets *sockets, char **error);
/* Removes the file; the sockets are closed by whoever listens. */
void metrics_bind_finish(struct metrics_sockets *sockets);

#endif
