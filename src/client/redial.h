/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is lost is tried again, after pauses that grow: a peer's line, or a daemon. */
#ifndef TELEX_CLIENT_REDIAL_H
#define TELEX_CLIENT_REDIAL_H

#include <stdbool.h>
#include <stdint.h>

struct loop;
struct redial;

/* The pause is over: try again. */
typedef void redial_call(void *context);

/* Pauses from first up to most, in microseconds. */
struct redial *redial_create(struct loop *loop, int64_t first, int64_t most, redial_call *again,
                             void *context);
void redial_destroy(struct redial *redial); /* NULL is fine */
/*
 * It is lost, or could not be had: it is tried again after a pause, twice as long as the last
 * one unless it had been good for something meanwhile.
 */
void redial_later(struct redial *redial, bool was_good);
/* It cannot be had yet, which cost nothing to see: after so long, and pauses stay as they are.
 */
void redial_after(struct redial *redial, int64_t microseconds);

#endif
