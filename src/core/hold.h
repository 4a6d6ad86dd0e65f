/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Somebody's wish that nothing be read from a peer, or from any stream peer, because there is
 * no room for it. Each who may wish so has a hold of its own, zeroed at first; a peer is read
 * again when all have let go of it.
 */
#ifndef TELEX_CORE_HOLD_H
#define TELEX_CORE_HOLD_H

#include <stdbool.h>
#include <stdint.h>

struct hub;
struct peer;

#define HOLD_ALL UINT64_MAX /* stream peers, present and to come */

struct hold {
    uint64_t peer; /* the number of whom it holds; 0: nobody */
};

static inline bool hold_is_on(const struct hold *hold)
{
    return hold->peer != 0;
}

/* Holds that peer, and lets go of whom it held before. Datagrams are read all the same. */
void hold_peer(struct hub *hub, struct hold *hold, struct peer *peer);
void hold_all(struct hub *hub, struct hold *hold);
/* Nobody any more: before it is freed, too. Whom it held may be gone. */
void hold_release(struct hub *hub, struct hold *hold);
/* For the hub, when a peer begins to be read. */
void hold_apply(const struct hub *hub, struct peer *peer);

#endif
