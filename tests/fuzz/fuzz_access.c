/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Access lists: the compiled table says of every address what a search for the longest matching
 * prefix says. The input is the rules, as bytes: kind (allow, IPv6), length of the prefix,
 * which earlier rule's address to begin with, how many bytes of its own, those bytes.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "core/access.h"
#include "fuzz.h"

enum { RULES_MAX = 40 };

struct rules {
    struct access_rule items[RULES_MAX];
    size_t count;
};

static unsigned width(bool v6)
{
    return v6 ? 128 : 32;
}

/* --- the rules --- */

static void clear_rest(struct cidr *cidr)
{
    for (unsigned bit = cidr->bits; bit < CIDR_BYTES * 8; bit++)
        cidr->prefix[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
}

/* Prefixes that lie within each other are the interesting ones. */
static void add_rule(struct rules *rules, struct fuzz_input *input)
{
    const uint8_t kind = fuzz_byte(input), length = fuzz_byte(input);
    const uint8_t base = fuzz_byte(input), own = fuzz_byte(input);
    struct access_rule *rule = &rules->items[rules->count];
    *rule = (struct access_rule){.allow = kind & 1, .cidr.v6 = kind & 2};
    rule->cidr.bits = length % (width(rule->cidr.v6) + 1);
    if (rules->count > 0)
        memcpy(rule->cidr.prefix, rules->items[base % rules->count].cidr.prefix, CIDR_BYTES);
    size_t size;
    const uint8_t *bytes = fuzz_bytes(input, own % 5, &size);
    if (size > 0)
        memcpy(rule->cidr.prefix + base % (width(rule->cidr.v6) / 8 - size + 1), bytes, size);
    if (!rule->cidr.v6)
        memset(rule->cidr.prefix + 4, 0, CIDR_BYTES - 4);
    clear_rest(&rule->cidr);
    rules->count++;
}

/* --- a verdict without any table --- */

static bool matches(const struct cidr *cidr, bool v6, const uint8_t *address)
{
    if (cidr->v6 != v6)
        return false;
    for (unsigned bit = 0; bit < cidr->bits; bit++)
        if ((cidr->prefix[bit / 8] ^ address[bit / 8]) & (0x80 >> bit % 8))
            return false;
    return true;
}

static bool allowed(const struct rules *rules, bool v6, const uint8_t *address)
{
    int best = -1;
    bool verdict = true;
    for (size_t i = 0; i < rules->count; i++)
        verdict = verdict && !rules->items[i].allow;
    for (size_t i = 0; i < rules->count; i++) {
        const struct access_rule *rule = &rules->items[i];
        if (!matches(&rule->cidr, v6, address) || (int)rule->cidr.bits < best)
            continue;
        verdict = (int)rule->cidr.bits == best ? verdict && rule->allow : rule->allow;
        best = (int)rule->cidr.bits;
    }
    return verdict;
}

/* --- comparing --- */

static void check_address(const struct access *access, const struct rules *rules, bool v6,
                          const uint8_t *bytes)
{
    union address address = {.any.sa_family = v6 ? AF_INET6 : AF_INET};
    memcpy(v6 ? (void *)&address.v6.sin6_addr : &address.v4.sin_addr, bytes, v6 ? 16 : 4);
    if (v6 && IN6_IS_ADDR_V4MAPPED(&address.v6.sin6_addr)) {
        v6 = false;
        bytes += 12;
    }
    FUZZ_CHECK(access_allows(access, &address) == allowed(rules, v6, bytes));
    if (v6)
        return;
    address_map(&address); /* as a dual-stack listener sees it */
    FUZZ_CHECK(access_allows(access, &address) == allowed(rules, false, bytes));
}

/* Adds 1, or takes 1 away; the width is that of the family. */
static void step(uint8_t *bytes, unsigned bits, bool up)
{
    for (unsigned i = bits / 8; i > 0; i--) {
        bytes[i - 1] = (uint8_t)(bytes[i - 1] + (up ? 1 : -1));
        if (bytes[i - 1] != (up ? 0x00 : 0xff))
            return;
    }
}

/* The addresses at both ends of a prefix, and those just outside. */
static void check_edges(const struct access *access, const struct rules *rules,
                        const struct cidr *cidr)
{
    uint8_t bytes[CIDR_BYTES];
    memcpy(bytes, cidr->prefix, CIDR_BYTES);
    check_address(access, rules, cidr->v6, bytes);
    step(bytes, width(cidr->v6), false);
    check_address(access, rules, cidr->v6, bytes);
    memcpy(bytes, cidr->prefix, CIDR_BYTES);
    for (unsigned bit = cidr->bits; bit < width(cidr->v6); bit++)
        bytes[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
    check_address(access, rules, cidr->v6, bytes);
    step(bytes, width(cidr->v6), true);
    check_address(access, rules, cidr->v6, bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    struct rules rules = {0};
    struct access access = {0};
    while (input.size > 0 && rules.count < RULES_MAX)
        add_rule(&rules, &input);
    for (size_t i = 0; i < rules.count; i++)
        access_add(&access, &rules.items[i].cidr, rules.items[i].allow);
    access_compile(&access);
    for (size_t i = 0; i < rules.count; i++)
        check_edges(&access, &rules, &rules.items[i].cidr);
    for (size_t i = 0; i + CIDR_BYTES <= size; i += CIDR_BYTES) {
        check_address(&access, &rules, true, data + i);
        check_address(&access, &rules, false, data + i);
    }
    access_finish(&access);
    return 0;
}
