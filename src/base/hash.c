/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/hash.h"

#include <string.h>
#include <sys/random.h>

void hash_key_init(struct hash_key *key)
{
    *key = (struct hash_key){0};
    if (getrandom(key, sizeof *key, GRND_NONBLOCK) < 0)
        key->words[0] = (uint64_t)(uintptr_t)key;
    key->words[1] |= 1; /* never 0, which would hash all alike */
}

uint64_t hash_bytes(const struct hash_key *key, const void *data, size_t size)
{
    const char *at = data;
    uint64_t hash = key->words[0] ^ size, word;
    for (; size > sizeof word; at += sizeof word, size -= sizeof word) {
        memcpy(&word, at, sizeof word);
        hash = hash_mix(hash ^ word, key->words[1]);
    }
    word = 0;
    memcpy(&word, at, size);
    return hash_mix(hash_mix(hash ^ word, key->words[1]), key->words[0] | 1);
}
