/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/limits.h"

#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/ut.h"

enum { KEY = 16, V6_SUBNET = 8 /* bytes: a /64 is one household */ };

struct limits_host {
    uint8_t key[KEY];
    uint64_t streams;
    UT_hash_handle hh;
};

static void forget_hosts(struct limits *limits)
{
    struct limits_host *host, *next;
    HASH_ITER(hh, limits->hosts, host, next) {
        HASH_DEL(limits->hosts, host);
        free(host);
    }
}

void limits_init(struct limits *limits)
{
    *limits = (struct limits){0};
    hash_key_init(&limits->hash_key);
}

void limits_configure(struct limits *limits, const struct limits_settings *most)
{
    limits->most = *most;
    forget_hosts(limits);
}

void limits_finish(struct limits *limits)
{
    forget_hosts(limits);
    access_finish(&limits->access);
}

static void make_key(const union address *remote, uint8_t key[KEY])
{
    union address mapped = *remote;
    address_map(&mapped);
    bool v4 = IN6_IS_ADDR_V4MAPPED(&mapped.v6.sin6_addr);
    memset(key, 0, KEY);
    memcpy(key, &mapped.v6.sin6_addr, v4 ? KEY : V6_SUBNET);
}

static unsigned hash(const struct limits *limits, const uint8_t key[KEY])
{
    return (unsigned)hash_bytes(&limits->hash_key, key, KEY);
}

static struct limits_host *find_host(const struct limits *limits, const union address *remote)
{
    uint8_t key[KEY];
    struct limits_host *host;
    make_key(remote, key);
    HASH_FIND_BYHASHVALUE(hh, limits->hosts, key, sizeof key, hash(limits, key), host);
    return host;
}

static struct limits_host *add_host(struct limits *limits, const union address *remote)
{
    struct limits_host *host = mem_zalloc(sizeof *host);
    make_key(remote, host->key);
    HASH_ADD_KEYPTR_BYHASHVALUE(hh, limits->hosts, host->key, sizeof host->key,
                                hash(limits, host->key), host);
    return host;
}

void limits_count(struct limits *limits, const union address *remote)
{
    if (limits->most.per_host == 0)
        return;
    struct limits_host *host = find_host(limits, remote);
    if (!host)
        host = add_host(limits, remote);
    host->streams++;
}

static bool host_is_full(const struct limits *limits, const union address *remote)
{
    const struct limits_host *host = find_host(limits, remote);
    return limits->most.per_host > 0 && host && host->streams >= limits->most.per_host;
}

bool limits_admit(struct limits *limits, const union address *remote, enum refusal *why)
{
    *why = REFUSED_ACCESS;
    if (remote && !access_allows(&limits->access, remote))
        return false;
    *why = REFUSED_LIMIT;
    if (limits->most.streams > 0 && limits->streams >= limits->most.streams)
        return false;
    if (remote && host_is_full(limits, remote))
        return false;
    if (remote)
        limits_count(limits, remote);
    limits->streams++;
    return true;
}

void limits_release(struct limits *limits, const union address *remote)
{
    limits->streams--;
    struct limits_host *host = remote ? find_host(limits, remote) : NULL;
    if (!host || --host->streams > 0)
        return;
    HASH_DEL(limits->hosts, host);
    free(host);
}
