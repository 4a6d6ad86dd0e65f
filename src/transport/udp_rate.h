/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many automatic replies a source address gets a second (--udp-reply-rate): a forged source
 * must not turn the listener into a flood against somebody else. A fixed number of counters,
 * chosen by a keyed hash of the address; two addresses that meet in one share its rate.
 */
#ifndef TELEX_TRANSPORT_UDP_RATE_H
#define TELEX_TRANSPORT_UDP_RATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"

union address;

enum { UDP_RATE_COUNTERS = 8192 };

struct udp_rate {
    struct hash_key key;
    int64_t second; /* which the counters are of */
    uint32_t counters[UDP_RATE_COUNTERS];
};

struct udp_rate *udp_rate_create(void);
void udp_rate_destroy(struct udp_rate *rate);
/* Counts one reply to the address, whatever the port, in this second; false beyond limit. */
bool udp_rate_allows(struct udp_rate *rate, const union address *remote, int64_t second,
                     uint64_t limit);

#endif
