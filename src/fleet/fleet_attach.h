/* SPDX-License-Identifier: GPL-3.0-or-later */
/* telex attach nats://: a console of all nodes of a fleet. */
#ifndef TELEX_FLEET_FLEET_ATTACH_H
#define TELEX_FLEET_FLEET_ATTACH_H

struct attach_settings;

/* Runs until the operator leaves; says its errors. Returns the exit status. */
int fleet_attach_run(const struct attach_settings *settings);

#endif
