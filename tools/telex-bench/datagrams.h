/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Datagrams in batches. Each begins with the number of its source and a sequence number, four
 * bytes each; the rest is a piece of the pattern that belongs to these two.
 */
#ifndef TELEX_BENCH_DATAGRAMS_H
#define TELEX_BENCH_DATAGRAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { DATAGRAMS_BATCH = 32, DATAGRAMS_LEAST = 8 };

struct exchange;

struct datagrams; /* room for one batch out and one in */

/* One that came. */
struct datagram {
    uint32_t source;
    uint32_t sequence;
    size_t size;
    bool right; /* what its two numbers promise, or the exchange, and no byte more or less */
};

/*
 * size: bytes of each, DATAGRAMS_LEAST to DATAGRAM_MAX. most: in a batch; above
 * DATAGRAMS_BATCH counts as that. The pattern is borrowed.
 */
struct datagrams *datagrams_create(const uint8_t *pattern, size_t size, uint64_t most);
/* What is sent and what is right is this (borrowed), with no number in it. */
void datagrams_exchange(struct datagrams *batch, const struct exchange *exchange);
void datagrams_destroy(struct datagrams *batch);

/* The batch out. */
void datagrams_clear(struct datagrams *batch);
bool datagrams_full(const struct datagrams *batch);
void datagrams_add(struct datagrams *batch, uint32_t source, uint32_t sequence);
/*
 * Sends it, in order, from a connected socket. Returns how many were taken, 0 where there is no
 * room, -1 on an error (errno).
 */
ssize_t datagrams_send(struct datagrams *batch, int fd);

/* The batch in: how many came, 0 for none, -1 on an error. There may be more. */
ssize_t datagrams_receive(struct datagrams *batch, int fd);
struct datagram datagrams_get(const struct datagrams *batch, size_t index);

#endif
