/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Datagrams that were said before the line that they go to stood: a sender cannot be held. */
#ifndef TELEX_CORE_JOIN_WAIT_H
#define TELEX_CORE_JOIN_WAIT_H

#include <stdbool.h>
#include <stddef.h>

struct hub;
struct join_wait;
struct peer;

/* The most that are kept for one sender, and all their bytes; those beyond are dropped. */
enum { JOIN_WAIT_MAX = 64, JOIN_WAIT_BYTES = 128 << 10 };

/* Keeps a copy behind those that *waiting has, NULL at first. False where there is no room. */
bool join_wait_add(struct join_wait **waiting, const void *data, size_t size);
/* The peer has said them now; frees them. NULL is fine. */
void join_wait_deliver(struct join_wait *waiting, struct hub *hub, struct peer *peer);
void join_wait_free(struct join_wait *waiting);

#endif
