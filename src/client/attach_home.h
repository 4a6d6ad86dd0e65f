/* SPDX-License-Identifier: GPL-3.0-or-later */
/* telex attach PATH: a console of a telexd that runs elsewhere on this machine. */
#ifndef TELEX_CLIENT_ATTACH_HOME_H
#define TELEX_CLIENT_ATTACH_HOME_H

struct attach_settings;

/* Attaches, and comes back where the daemon was restarted; says its errors. Returns the exit
 * status. */
int attach_home_run(const struct attach_settings *settings);

#endif
