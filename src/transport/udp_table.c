/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_table.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "transport/udp_link.h"

enum { UDP_TABLE_LEAST = 16 };

static uint64_t hash(const struct udp_table *table, const union address *remote)
{
    uint64_t port = remote->v4.sin_port, words[2];
    if (remote->any.sa_family == AF_INET)
        return hash_mix(table->key.words[0] ^ port << 32 ^ remote->v4.sin_addr.s_addr,
                        table->key.words[1]);
    memcpy(words, &remote->v6.sin6_addr, sizeof words);
    return hash_mix(hash_mix(table->key.words[0] ^ words[0], table->key.words[1] ^ words[1]) ^
                        table->key.words[1],
                    table->key.words[0] ^ port << 32 ^ remote->v6.sin6_scope_id);
}

static struct udp_link **chain_of(const struct udp_table *table, const union address *remote)
{
    return &table->chains[hash(table, remote) & (table->size - 1)];
}

/* The structs of the socket calls have padding and, for IPv6, a flow label, which do not count.
 */
static bool is_same(const union address *a, const union address *b)
{
    if (a->any.sa_family != b->any.sa_family || a->v4.sin_port != b->v4.sin_port)
        return false;
    if (a->any.sa_family == AF_INET)
        return a->v4.sin_addr.s_addr == b->v4.sin_addr.s_addr;
    return IN6_ARE_ADDR_EQUAL(&a->v6.sin6_addr, &b->v6.sin6_addr) &&
           a->v6.sin6_scope_id == b->v6.sin6_scope_id;
}

void udp_table_init(struct udp_table *table)
{
    *table = (struct udp_table){0};
    hash_key_init(&table->key);
}

void udp_table_finish(struct udp_table *table)
{
    free(table->chains);
    table->chains = NULL;
}

/* Twice the chains, so that each holds one link or so. */
static void grow(struct udp_table *table)
{
    struct udp_table old = *table;
    table->size = old.size > 0 ? 2 * old.size : UDP_TABLE_LEAST;
    table->chains = mem_zalloc(table->size * sizeof(struct udp_link *));
    for (size_t i = 0; i < old.size; i++) {
        for (struct udp_link *link = old.chains[i], *next; link; link = next) {
            struct udp_link **chain = chain_of(table, &link->remote);
            next = link->chain;
            link->chain = *chain;
            *chain = link;
        }
    }
    free(old.chains);
}

void udp_table_add(struct udp_table *table, struct udp_link *link)
{
    if (table->count == table->size)
        grow(table);
    struct udp_link **chain = chain_of(table, &link->remote);
    link->chain = *chain;
    *chain = link;
    table->count++;
}

void udp_table_remove(struct udp_table *table, struct udp_link *link)
{
    struct udp_link **at = chain_of(table, &link->remote);
    while (*at != link)
        at = &(*at)->chain;
    *at = link->chain;
    table->count--;
}

struct udp_link *udp_table_find(const struct udp_table *table, const union address *remote)
{
    struct udp_link *link = table->size > 0 ? *chain_of(table, remote) : NULL;
    while (link && !is_same(&link->remote, remote))
        link = link->chain;
    return link;
}
