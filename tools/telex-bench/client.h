/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One of the many: a connection, or a socket that datagrams are sent from. */
#ifndef TELEX_BENCH_CLIENT_H
#define TELEX_BENCH_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "telex-bench/poller.h"

struct run;

struct client {
    struct poller_source source; /* first: epoll gives it back */
    struct run *run;
    struct client *next; /* in the pace's queue */
    int64_t called;      /* when it began to connect, in nanoseconds */
    uint32_t number;     /* from 0 */
    uint32_t spare;      /* operations that wait for the pace */
    bool dead;           /* takes no part any more */
};

/* The connection is not what it should be: counts it, and takes the client out. */
void client_break(struct client *client, const char *why);
/* The same with the text of errno. */
void client_fail(struct client *client);
/* What came back is not what was sent: counts it, and remembers the first time. */
void client_mismatch(struct client *client, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Takes the client out after that: the rest of a stream means nothing. */
void client_end(struct client *client);

#endif
