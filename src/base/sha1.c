/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/sha1.h"

#include <string.h>

enum {
    BLOCK = 64,
    WORDS = 5,
    ROUNDS = 80,
    LENGTH = 8 /* bytes, at the end of the last block */
};

static uint32_t rotate(uint32_t word, unsigned bits)
{
    return word << bits | word >> (32 - bits);
}

/* RFC 3174 section 6.1 a and b. */
static void spread(const uint8_t *block, uint32_t words[ROUNDS])
{
    for (unsigned i = 0; i < BLOCK / 4; i++)
        words[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
                   (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (unsigned i = BLOCK / 4; i < ROUNDS; i++)
        words[i] = rotate(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
}

/* f and K of section 5. */
static uint32_t mix(unsigned round, uint32_t b, uint32_t c, uint32_t d)
{
    if (round < 20)
        return ((b & c) | (~b & d)) + 0x5a827999;
    if (round < 40)
        return (b ^ c ^ d) + 0x6ed9eba1;
    if (round < 60)
        return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
    return (b ^ c ^ d) + 0xca62c1d6;
}

static void add_block(uint32_t state[WORDS], const uint8_t *block)
{
    uint32_t words[ROUNDS], a = state[0], b = state[1], c = state[2], d = state[3],
                            e = state[4];
    spread(block, words);
    for (unsigned i = 0; i < ROUNDS; i++) {
        const uint32_t next = rotate(a, 5) + mix(i, b, c, d) + e + words[i];
        e = d;
        d = c;
        c = rotate(b, 30);
        b = a;
        a = next;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
}

static void put_big_endian(uint8_t *to, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        to[i] = (uint8_t)(value >> (8 * (bytes - 1 - i)));
}

/* What is left of the text, a bit, zeros and the length: one block or two. */
static void add_last(uint32_t state[WORDS], const uint8_t *rest, size_t left, uint64_t size)
{
    uint8_t last[2 * BLOCK] = {0};
    const size_t whole = left + 1 + LENGTH <= BLOCK ? BLOCK : 2 * BLOCK;
    if (left > 0)
        memcpy(last, rest, left);
    last[left] = 0x80;
    put_big_endian(last + whole - LENGTH, size * 8, LENGTH);
    for (size_t at = 0; at < whole; at += BLOCK)
        add_block(state, last + at);
}

void sha1(const void *data, size_t size, uint8_t digest[SHA1_SIZE])
{
    uint32_t state[WORDS] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    const uint8_t *at = data;
    size_t left = size;
    for (; left >= BLOCK; left -= BLOCK, at += BLOCK)
        add_block(state, at);
    add_last(state, at, left, size);
    for (unsigned i = 0; i < WORDS; i++)
        put_big_endian(digest + 4 * i, state[i], 4);
}
