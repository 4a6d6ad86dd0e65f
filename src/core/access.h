/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who may connect or send datagrams (--allow, --deny): the longest matching prefix wins, deny
 * on a tie; with an allow and no match: refused. The prefixes are compiled into sorted ranges,
 * so that a look-up is one binary search however many there are.
 */
#ifndef TELEX_CORE_ACCESS_H
#define TELEX_CORE_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cidr.h"

union address;

struct access_rule {
    struct cidr cidr;
    bool allow;
};

/* From start to the next range's start, the verdict. */
struct access_range {
    uint8_t start[CIDR_BYTES];
    bool allow;
};

struct access_table {
    struct access_range *ranges; /* the first starts at 0 */
    size_t count;
};

struct access {
    struct access_rule *rules;
    size_t count;
    struct access_table v4;
    struct access_table v6;
};

/* A zeroed struct access lets everybody in. */
void access_finish(struct access *access);
/* Adds a rule; access_compile makes it count. */
void access_add(struct access *access, const struct cidr *cidr, bool allow);
void access_compile(struct access *access);
/* Makes it have the rules of another, compiled. */
void access_set(struct access *access, const struct access *rules);
bool access_allows(const struct access *access, const union address *address);

#endif
