/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_rate.h"

#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/mem.h"

struct udp_rate *udp_rate_create(void)
{
    struct udp_rate *rate = mem_zalloc(sizeof *rate);
    hash_key_init(&rate->key);
    return rate;
}

void udp_rate_destroy(struct udp_rate *rate)
{
    free(rate);
}

/* By the host; IPv6 by its /64, since one household has all of it. */
static uint64_t counter_of(const struct udp_rate *rate, const union address *remote)
{
    enum { V6_SUBNET = 8 };
    const bool v4 = remote->any.sa_family == AF_INET;
    const uint64_t hash =
        v4 ? hash_bytes(&rate->key, &remote->v4.sin_addr, sizeof remote->v4.sin_addr)
           : hash_bytes(&rate->key, &remote->v6.sin6_addr, V6_SUBNET);
    return hash % UDP_RATE_COUNTERS;
}

bool udp_rate_allows(struct udp_rate *rate, const union address *remote, int64_t second,
                     uint64_t limit)
{
    if (rate->second != second) {
        rate->second = second;
        memset(rate->counters, 0, sizeof rate->counters);
    }
    return ++rate->counters[counter_of(rate, remote)] <= limit;
}
