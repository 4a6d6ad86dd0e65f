/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * telex attach --json nats://: what all nodes of a fleet tell, as JSON Lines that say whose
 * each is, and the lines of stdin to the nodes that they name, until all of them are answered.
 */
#ifndef TELEX_FLEET_FLEET_RELAY_H
#define TELEX_FLEET_FLEET_RELAY_H

struct attach_settings;

/* Returns the program's exit status. */
int fleet_relay_run(const struct attach_settings *settings);

#endif
