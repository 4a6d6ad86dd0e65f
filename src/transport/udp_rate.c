/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_rate.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/address.h"
#include "base/mem.h"

struct udp_rate *udp_rate_create(void)
{
    struct udp_rate *rate = mem_zalloc(sizeof *rate);
    if (getrandom(&rate->key, sizeof rate->key, GRND_NONBLOCK) < 0)
        rate->key = (uint64_t)(uintptr_t)rate;
    return rate;
}

void udp_rate_destroy(struct udp_rate *rate)
{
    free(rate);
}

/* FNV-1a over the host part; IPv6 by its /64, since one household has all of it. */
static unsigned counter_of(const struct udp_rate *rate, const union address *remote)
{
    enum { V6_SUBNET = 8 };
    bool v4 = remote->any.sa_family == AF_INET;
    const uint8_t *bytes =
        v4 ? (const uint8_t *)&remote->v4.sin_addr : remote->v6.sin6_addr.s6_addr;
    uint64_t hash = rate->key ^ 14695981039346656037u;
    for (size_t i = 0; i < (v4 ? sizeof remote->v4.sin_addr : V6_SUBNET); i++)
        hash = (hash ^ bytes[i]) * 1099511628211u;
    return (unsigned)((hash ^ hash >> 32) % UDP_RATE_COUNTERS);
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
