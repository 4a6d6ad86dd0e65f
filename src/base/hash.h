/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hashing of what strangers choose, such as their addresses: with a random key, so that nobody
 * can choose many that fall into one place of a table.
 */
#ifndef TELEX_BASE_HASH_H
#define TELEX_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

struct hash_key {
    uint64_t words[2];
};

/* Another one each time. */
void hash_key_init(struct hash_key *key);
uint64_t hash_bytes(const struct hash_key *key, const void *data, size_t size);

/* Both halves of the product: each bit of a and b reaches many of the result. */
static inline uint64_t hash_mix(uint64_t a, uint64_t b)
{
    __uint128_t product = (__uint128_t)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

#endif
