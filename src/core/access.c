/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/access.h"

#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/mem.h"

void access_finish(struct access *access)
{
    free(access->rules);
    free(access->v4.ranges);
    free(access->v6.ranges);
    *access = (struct access){0};
}

void access_add(struct access *access, const struct cidr *cidr, bool allow)
{
    bool is_full = (access->count & (access->count - 1)) == 0; /* the room doubles */
    if (is_full)
        access->rules =
            mem_resize(access->rules, (2 * access->count + 1) * sizeof *access->rules);
    access->rules[access->count++] = (struct access_rule){.cidr = *cidr, .allow = allow};
}

/* --- compiling --- */

/* Wider before narrower where they start together; of two alike deny last, so that it wins. */
static int compare_rules(const void *a, const void *b)
{
    const struct access_rule *left = a, *right = b;
    int order = memcmp(left->cidr.prefix, right->cidr.prefix, CIDR_BYTES);
    if (order != 0)
        return order;
    if (left->cidr.bits != right->cidr.bits)
        return left->cidr.bits < right->cidr.bits ? -1 : 1;
    return (int)right->allow - (int)left->allow;
}

/* The first address behind the prefix; false where there is none. */
static bool next_address(const struct cidr *cidr, uint8_t next[CIDR_BYTES])
{
    memcpy(next, cidr->prefix, CIDR_BYTES);
    for (unsigned bit = cidr->bits; bit > 0; bit--) {
        uint8_t mask = (uint8_t)(0x80 >> (bit - 1) % 8);
        next[(bit - 1) / 8] ^= mask;
        if (next[(bit - 1) / 8] & mask)
            return true; /* no carry any more */
    }
    return false;
}

static void add_range(struct access_table *table, const uint8_t start[CIDR_BYTES], bool allow)
{
    struct access_range *last = table->count > 0 ? &table->ranges[table->count - 1] : NULL;
    if (last && memcmp(last->start, start, CIDR_BYTES) == 0) {
        last->allow = allow; /* a narrower prefix starts at the same place */
    } else {
        memcpy(table->ranges[table->count].start, start, CIDR_BYTES);
        table->ranges[table->count++].allow = allow;
    }
}

/* Ends those of the open prefixes that end at or before limit (NULL: all). */
static size_t close_prefixes(struct access_table *table, const struct access_rule *const *open,
                             size_t depth, const uint8_t *limit, bool otherwise)
{
    uint8_t end[CIDR_BYTES];
    while (depth > 0 && next_address(&open[depth - 1]->cidr, end) &&
           (!limit || memcmp(end, limit, CIDR_BYTES) <= 0)) {
        depth--;
        add_range(table, end, depth > 0 ? open[depth - 1]->allow : otherwise);
    }
    return depth;
}

/* Prefixes nest or stand apart: a sweep over them in order, with those open on a stack. */
static void compile_table(struct access_table *table, const struct access *access, bool v6,
                          bool otherwise)
{
    /* A prefix within a prefix, and two alike: no more than this can be open at once. */
    const struct access_rule **open = mem_alloc((access->count + 1) * sizeof *open);
    size_t depth = 0;
    free(table->ranges);
    table->ranges = mem_alloc((2 * access->count + 1) * sizeof *table->ranges);
    table->count = 0;
    add_range(table, (uint8_t[CIDR_BYTES]){0}, otherwise);
    for (size_t i = 0; i < access->count; i++) {
        const struct access_rule *rule = &access->rules[i];
        if (rule->cidr.v6 != v6)
            continue;
        depth = close_prefixes(table, open, depth, rule->cidr.prefix, otherwise);
        add_range(table, rule->cidr.prefix, rule->allow);
        open[depth++] = rule;
    }
    close_prefixes(table, open, depth, NULL, otherwise);
    free(open);
}

void access_compile(struct access *access)
{
    bool otherwise = true;
    for (size_t i = 0; i < access->count; i++)
        otherwise = otherwise && !access->rules[i].allow;
    if (access->count > 0)
        qsort(access->rules, access->count, sizeof *access->rules, compare_rules);
    compile_table(&access->v4, access, false, otherwise);
    compile_table(&access->v6, access, true, otherwise);
}

/* --- looking up --- */

static bool look_up(const struct access_table *table, const uint8_t address[CIDR_BYTES])
{
    size_t low = 0, high = table->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(table->ranges[middle].start, address, CIDR_BYTES) <= 0)
            low = middle;
        else
            high = middle;
    }
    return table->ranges[low].allow;
}

void access_set(struct access *access, const struct access *rules)
{
    access_finish(access);
    for (size_t i = 0; i < rules->count; i++)
        access_add(access, &rules->rules[i].cidr, rules->rules[i].allow);
    access_compile(access);
}

bool access_allows(const struct access *access, const union address *address)
{
    uint8_t bytes[CIDR_BYTES] = {0};
    union address plain = *address;
    if (access->count == 0)
        return true;
    address_unmap(&plain);
    if (plain.any.sa_family == AF_INET)
        memcpy(bytes, &plain.v4.sin_addr, 4);
    else
        memcpy(bytes, &plain.v6.sin6_addr, CIDR_BYTES);
    return look_up(plain.any.sa_family == AF_INET ? &access->v4 : &access->v6, bytes);
}
