/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Says on the console's terminal for whom a shutdown waits, while it does. */
#ifndef TELEX_SERVER_DAEMON_DRAIN_H
#define TELEX_SERVER_DAEMON_DRAIN_H

#include <stdint.h>

#include "base/ut.h"

struct daemon;
struct daemon_drain;
struct hub;

/* The shutdown has begun. Says nothing where it is over soon, and more and more seldom. */
struct daemon_drain *daemon_drain_create(struct daemon *daemon);
void daemon_drain_destroy(struct daemon_drain *drain); /* NULL is fine */

/* "waiting up to 5 s for #3 boiler (12,288 bytes), #7 and 3 more"; left in microseconds. */
void daemon_drain_text(UT_string *out, const struct hub *hub, int64_t left);

#endif
