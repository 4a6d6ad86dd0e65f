/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds the addresses of a host without blocking the loop: digits at once, names by a thread
 * (resolve_thread) that the loop has from the first name on. One silent name server can make
 * other names wait, but nobody else.
 */
#ifndef TELEX_LOOP_RESOLVE_H
#define TELEX_LOOP_RESOLVE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"

struct loop;
struct resolve;

/* The addresses of one host, in the order in which they are to be tried. */
struct resolved {
    union address *addresses;
    size_t count;
};

/*
 * Called once, never from within resolve_create: the addresses, at least one and borrowed; or
 * NULL and error, a phrase for people, with cause ETIMEDOUT where patience came to its end and
 * else 0. The resolve frees itself after it.
 */
typedef void resolve_done(void *context, const struct resolved *resolved, int cause,
                          const char *error);

/* Whether host is a name, which takes time to resolve. */
bool resolve_is_name(const char *host);

/* host "*" is this machine. patience: microseconds, 0 for ever. */
struct resolve *resolve_create(struct loop *loop, const char *host, in_port_t port,
                               int64_t patience, resolve_done *done, void *context);
/* Gives up; no callback comes. NULL is fine. */
void resolve_destroy(struct resolve *resolve);

/*
 * Waits for the answer: for a program that does nothing else yet. Fills in *resolved, to be
 * finished; false with *error (malloc'ed).
 */
bool resolve_now(const char *host, in_port_t port, struct resolved *resolved, char **error);
struct resolved resolved_copy(const struct resolved *resolved);
void resolved_finish(struct resolved *resolved);

#endif
