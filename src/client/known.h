/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who is known of a daemon's peers and listeners, from what it tells: their names, and what
 * else it tells of them only once. It is the directory of the console that shows it.
 */
#ifndef TELEX_CLIENT_KNOWN_H
#define TELEX_CLIENT_KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "command/operator.h"
#include "console/directory.h"

/* More than these are not kept. */
enum { KNOWN_PEERS_MAX = 1 << 20, KNOWN_LISTENERS_MAX = 65536 };

struct known_table {
    struct hash_key key;   /* numbers come from a daemon that may be hostile */
    struct known_one *all; /* uthash */
    size_t most;
};

struct known {
    struct directory directory;
    const char *node; /* of whose daemon: borrowed; NULL: there is but one */
    uint64_t base;    /* what its peers are counted from for a console (core/who.h) */
    struct known_table peers;
    struct known_table listeners;
    unsigned lists; /* of /peers so far */
};

void known_init(struct known *known);
/* Forgets everybody. Then there is nothing to be freed. */
void known_clear(struct known *known);
size_t known_peers(const struct known *known);

bool known_has(const struct known *known, uint64_t peer);
/* The number of a peer as a console has it, as its daemon has it; 0: none of this daemon's. */
uint64_t known_number(const struct known *known, uint64_t peer);
/* Makes what its daemon told what a console is told: of whose peer it is. */
void known_place(const struct known *known, struct told *told);

/* There is a peer of that number. false where it is 0, or there are too many. */
bool known_meet(struct known *known, uint64_t peer);
/*
 * Takes in what is told, and fills in what that leaves out: the names of peer and listener, the
 * listener that the peer came in by, and whether it is a datagram one. false where there are
 * too many.
 */
bool known_tell(struct known *known, struct told *told);
/*
 * Fills in what is left out of something that is told again, and takes nothing in: it has been.
 */
void known_retell(const struct known *known, struct told *told);
/* Once that was shown: forgets whose end it was. */
void known_told(struct known *known, const struct told *told);

/* Takes in what an answer tells of peers and listeners. Who is not in a list of all peers is
 * gone.
 */
bool known_result(struct known *known, const struct result *result);

/* Fills in what a card leaves out, and of whose peer it is as known_place does; time: now, in
 * microseconds since the epoch. */
void known_complete(const struct known *known, struct card *card, int64_t time);
/* What is known of a listener; next to nothing where it is number 0, a call. */
struct origin_card known_origin(const struct known *known, uint64_t number);

#endif
