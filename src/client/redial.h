/* SPDX-License-Identifier: GPL-3.0-or-later */
/* telex --reconnect: when to call again, after pauses that grow. */
#ifndef TELEX_CLIENT_REDIAL_H
#define TELEX_CLIENT_REDIAL_H

#include <stdbool.h>

struct loop;
struct redial;

/* The pause is over. */
typedef void redial_call(void *context);

struct redial *redial_create(struct loop *loop, redial_call *again, void *context);
void redial_destroy(struct redial *redial); /* NULL is fine */
/*
 * The line is lost, or could not be had: it is called again after a pause, twice as long as the
 * last one unless the line had been worth something meanwhile.
 */
void redial_later(struct redial *redial, bool was_good);

#endif
