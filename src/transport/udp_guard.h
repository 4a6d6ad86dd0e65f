/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When not to answer a datagram by itself (telexd(8), ENDPOINTS): a reply must never feed
 * a loop between two servers or a flood against a third party.
 */
#ifndef TELEX_TRANSPORT_UDP_GUARD_H
#define TELEX_TRANSPORT_UDP_GUARD_H

#include <stdbool.h>
#include <stddef.h>

struct udp_link;

/* Counts in the hub's stats why not. size is the reply's. */
bool udp_guard_allows(struct udp_link *link, size_t size);

#endif
