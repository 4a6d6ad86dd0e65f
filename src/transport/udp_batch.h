/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Datagrams out: one at once, or the replies to a batch that came in together (sendmmsg(2)),
 * those of one size to one peer as one train (UDP_SEGMENT, udp(7)), which the kernel takes
 * apart late and so for less. One for all UDP sockets of a program: nothing stays in it between
 * turns.
 */
#ifndef TELEX_TRANSPORT_UDP_BATCH_H
#define TELEX_TRANSPORT_UDP_BATCH_H

#include <stdbool.h>
#include <stddef.h>

struct udp_batch;
struct udp_inbox;
struct udp_link;

/* inbox: whose bytes need no copy, because they stay where they are until the next receive. */
struct udp_batch *udp_batch_create(const struct udp_inbox *inbox);
void udp_batch_destroy(struct udp_batch *batch); /* NULL is fine */

/* Whether the kernel knows UDP_SEGMENT. One that does not would send a train as one datagram.
 */
bool udp_batch_has_trains(int fd);

/*
 * Sends one datagram now, from link->local. Returns 0 or an errno. A pending error of another
 * peer (ICMP) is swallowed by one retry.
 */
int udp_batch_send(const struct udp_link *link, const void *data, size_t size);

/* Adds it to what udp_batch_flush sends; flushes by itself when the batch is full. */
void udp_batch_add(struct udp_batch *batch, struct udp_link *link, const void *data,
                   size_t size);
/* Sends what was added; udp_link_dropped is called for each the kernel refused. */
void udp_batch_flush(struct udp_batch *batch);

#endif
