/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many may be on the line: --max-peers, --max-peers-per-host, --allow, --deny. */
#ifndef TELEX_CORE_LIMITS_H
#define TELEX_CORE_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "core/access.h"
#include "core/hub_event.h"

union address;
struct limits_host;

/* At most so many; 0: no limit. */
struct limits_settings {
    uint64_t streams;   /* accepted ones */
    uint64_t per_host;  /* of these with one IPv4 address or one IPv6 /64 */
    uint64_t datagrams; /* UDP peers */
    uint64_t consoles;  /* attached at a time */
};

struct limits {
    struct limits_settings most;
    struct access access;
    uint64_t streams;   /* accepted ones, now */
    uint64_t datagrams; /* UDP peers, now */
    struct hash_key hash_key;
    struct limits_host *hosts; /* uthash: kept only while most.per_host is set */
};

void limits_init(struct limits *limits);
void limits_finish(struct limits *limits);
/* Counts one more stream, or says why not. remote NULL: a Unix socket. */
bool limits_admit(struct limits *limits, const union address *remote, enum refusal *why);
/* An admitted stream is gone. */
void limits_release(struct limits *limits, const union address *remote);
/*
 * Sets other limits, and forgets what was counted of hosts. Each admitted stream that has an
 * address is then to be told to limits_count; streams itself stays.
 */
void limits_configure(struct limits *limits, const struct limits_settings *most);
/* Counts an admitted stream for its host, whatever the limit; nothing where there is none. */
void limits_count(struct limits *limits, const union address *remote);

#endif
