/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The carrier of lines to a node of a fleet (client/carrier): each is a request, of which the
 * answers come one object at a time, and in the order of the lines. What happens at the node
 * comes elsewhere (fleet/event_feed).
 */
#ifndef TELEX_FLEET_BUS_CARRIER_H
#define TELEX_FLEET_BUS_CARRIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/carrier.h"

struct bus;
struct loop;

struct bus_carrier_hooks {
    void *context;
    /* An object that answers the line of that number: they count from 1, empty ones too. */
    void (*answer)(void *context, uint64_t input, const char *line, size_t size);
    /* Whether only what changes nothing is to be asked. */
    bool (*reads_only)(void *context);
};

/* node is borrowed. A line that cannot be sent, or is never answered, is answered by an error
 * of ours, a little later. */
struct carrier *bus_carrier_create(struct loop *loop, struct bus *bus, const char *node,
                                   const struct bus_carrier_hooks *hooks);

#endif
