/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Access lists and limits: into force at start, and again while everybody stays on the line. */
#ifndef TELEX_SERVER_RELOAD_H
#define TELEX_SERVER_RELOAD_H

#include <stdbool.h>

struct hub;
struct settings;
struct switchboard;

/* Gives settings->live to hub and board. */
void reload_apply(const struct settings *settings, struct hub *hub, struct switchboard *board);
/*
 * SIGHUP with --config: reads the file again and applies its limits, or changes nothing where
 * it is wrong. Says either. Returns whether it was right.
 */
bool reload_run(struct settings *settings, struct hub *hub, struct switchboard *board);

#endif
