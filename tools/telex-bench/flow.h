/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bytes of one connection: those that go, and those that come back for them. */
#ifndef TELEX_BENCH_FLOW_H
#define TELEX_BENCH_FLOW_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct client;
struct run;

struct flow {
    uint32_t out; /* places in run->out: of the next byte to be sent */
    uint32_t in;  /* and in run->in, to come back */
    uint64_t sent;
    uint64_t received;
};

/* Begins one; where what is sent comes back each number has bytes of its own. */
void flow_init(struct flow *flow, const struct run *run, uint64_t number);

/*
 * Sends at most so many bytes. Returns how many the socket took, 0 where it is full, -1 where
 * the connection is broken (errno).
 */
ssize_t flow_send(struct flow *flow, struct client *client, uint64_t most);

/* What flow_receive says where no bytes came back. */
enum {
    FLOW_NOTHING = 0, /* nothing is there now */
    FLOW_BROKEN = -1, /* errno; 0: the server has closed the connection */
    FLOW_WRONG = -2   /* something else than was to; it has been counted */
};

/* Receives what there is, at most PATTERN_PIECE bytes, and compares it. Returns how many. */
ssize_t flow_receive(struct flow *flow, struct client *client);

#endif
