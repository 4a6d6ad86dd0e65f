/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server that is called, and from which local addresses. */
#ifndef TELEX_BENCH_TARGET_H
#define TELEX_BENCH_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/un.h>

#include "base/address.h"
#include "base/scheme.h"

struct endpoint;

union target_address {
    union address inet;
    struct sockaddr_un local;
};

struct target {
    char *text; /* the endpoint as it is said in messages */
    int type;   /* SOCK_STREAM or SOCK_DGRAM */
    union target_address address;
    socklen_t length;
    uint64_t dialled; /* sockets so far */
};

/* Whether there can be a server there: it is reached by a socket. */
bool target_is_possible(enum scheme scheme);
/*
 * Finds the server's address; of several that a name has, the first that takes a connection
 * (for udp simply the first). On failure *error (malloc'ed) is a sentence.
 */
bool target_init(struct target *target, const struct endpoint *endpoint, char **error);
void target_finish(struct target *target);

/*
 * A new socket that does not block, and that connects. -1: it does not, for the reason that
 * errno says; EAGAIN and EADDRNOTAVAIL may pass.
 *
 * IPv4 loopback has 2^24 addresses but 28,000 ports to call from, and a port rests for a minute
 * after its connection: so the local address changes every 16,384 sockets, 127.0.0.1 to
 * 127.0.0.250.
 */
int target_dial(struct target *target);

#endif
