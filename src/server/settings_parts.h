/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files settings*.c share: the table of options, and how they are read. */
#ifndef TELEX_SERVER_SETTINGS_PARTS_H
#define TELEX_SERVER_SETTINGS_PARTS_H

#include "base/command_line.h"
#include "base/options.h"

struct settings;

/* What --help says before the options and after them. */
extern const char settings_help_before[];
extern const char settings_help_after[];
extern const struct option_hint settings_hints[];

/*
 * Reads settings->config: options, "listen ENDPOINT". Its endpoints count where the command
 * line has none. Returns 0, or the exit status with *error (malloc'ed).
 */
int settings_read_file(struct settings *settings, struct options *options, char **error);

/* With the defaults in settings, and what reads a command line and the file into it. */
struct command_line settings_command_line(struct settings *settings, struct settings *scratch);

#endif
