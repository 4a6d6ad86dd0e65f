/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A node of a fleet: what is between a telexd's control socket and a nats-server. */
#ifndef TELEX_FLEET_CONNECTOR_H
#define TELEX_FLEET_CONNECTOR_H

struct fleet_settings;

/* Runs until a signal ends it. Returns the exit status. */
int connector_run(const struct fleet_settings *settings);

#endif
