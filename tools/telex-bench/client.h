/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One of the many: a connection, or a socket that datagrams are sent from. */
#ifndef TELEX_BENCH_CLIENT_H
#define TELEX_BENCH_CLIENT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "telex-bench/poller.h"

struct run;
struct wire;

struct client {
    struct poller_source source; /* first: epoll gives it back */
    struct run *run;
    struct wire *wire;   /* NULL: the bytes go as they are */
    struct client *next; /* in the pace's queue */
    int64_t called;      /* when it began to connect, in nanoseconds */
    uint32_t number;     /* from 0 */
    uint32_t spare;      /* operations that wait for the pace */
    bool asked;          /* has sent something on a stream */
    bool answered;       /* and something came back */
    bool dead;           /* takes no part any more */
};

/* Begins to connect. False: errno. */
bool client_call(struct client *client);
/* As send(2) and recv(2). */
ssize_t client_send(struct client *client, const void *data, size_t size);
ssize_t client_receive(struct client *client, void *buffer, size_t size);
/* Closes its socket, if it has one. */
void client_close(struct client *client);
/* Takes the client out of the run. */
void client_end(struct client *client);
/* Counts that its connection is not what it should be; errno says why, 0: the server closed it.
 */
void client_count_error(struct client *client);
/* The same, and takes the client out. */
void client_fail(struct client *client);

#endif
