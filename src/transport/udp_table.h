/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The peers of a UDP socket by remote address: chains through the links, so that a peer costs
 * one pointer here and one in the table. Senders choose their addresses, so the hash has a key.
 */
#ifndef TELEX_TRANSPORT_UDP_TABLE_H
#define TELEX_TRANSPORT_UDP_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

union address;
struct udp_link;

struct udp_table {
    struct udp_link **chains;
    size_t size; /* of chains: a power of two, or 0 */
    size_t count;
    struct hash_key key;
};

void udp_table_init(struct udp_table *table);
void udp_table_finish(struct udp_table *table); /* the links stay their owner's */
/* By link->remote, which is not there yet. */
void udp_table_add(struct udp_table *table, struct udp_link *link);
void udp_table_remove(struct udp_table *table, struct udp_link *link);
struct udp_link *udp_table_find(const struct udp_table *table, const union address *remote);

#endif
