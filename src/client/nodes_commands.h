/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an operator of many nodes may say: the commands of telexd, but for those that a fleet
 * may never use or that one console alone can do, and two of the nodes. */
#ifndef TELEX_CLIENT_NODES_COMMANDS_H
#define TELEX_CLIENT_NODES_COMMANDS_H

#include "command/command.h"

extern const struct command nodes_command_nodes;
extern const struct command nodes_command_node;
/* NULL-terminated. */
extern const struct command *const nodes_commands[];

#endif
