/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tells observers who was turned away, at most once a second for each reason: the first at
 * once, those that follow within the second together when it is over.
 */
#ifndef TELEX_CORE_REFUSALS_H
#define TELEX_CORE_REFUSALS_H

#include <stdint.h>

#include "core/hub_event.h"

struct hub;
struct origin;

struct refusals {
    struct {
        int64_t next;          /* hub clock: before it nothing is told; 0: never told */
        uint64_t count;        /* not told yet */
        char remote[128];      /* the last of them */
        char *error;           /* its; NULL: there is no text */
        struct origin *origin; /* referenced; NULL while count is 0 */
    } kinds[REFUSALS];
};

void refusals_finish(struct refusals *refusals);
void refusals_add(struct hub *hub, struct origin *origin, const char *remote, enum refusal why,
                  const char *error);
/* Tells at once whatever was not told yet: the end has come. */
void refusals_flush(struct hub *hub);
/* The host's alarm: tells what has waited long enough. */
void refusals_tell(struct hub *hub);

#endif
