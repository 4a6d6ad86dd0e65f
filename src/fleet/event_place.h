/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a message of JetStream's stands, as its reply subject says ($JS.ACK., ADR-15). Pure. */
#ifndef TELEX_FLEET_EVENT_PLACE_H
#define TELEX_FLEET_EVENT_PLACE_H

#include <stdbool.h>
#include <stdint.h>

struct event_place {
    uint64_t seq;  /* in its stream */
    uint64_t told; /* how many its consumer has told, this one counted */
};

/* False where it is none. */
bool event_place_read(struct event_place *place, const char *reply);

#endif
