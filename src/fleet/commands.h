/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What operators send to a node: runs it on two consoles of its telexd, of which one only looks
 * on, and neither reaches files, devices or programs of its machine; answers on the bus; and
 * says there that the node is there.
 */
#ifndef TELEX_FLEET_COMMANDS_H
#define TELEX_FLEET_COMMANDS_H

#include <stdint.h>

struct attach_place;
struct bus;
struct commands;
struct loop;

/* All is borrowed for good. */
struct commands *commands_create(struct loop *loop, struct bus *bus, const char *node,
                                 const struct attach_place *place);
void commands_destroy(struct commands *commands); /* NULL is fine */

/* The bus says so. */
void commands_connected(struct commands *commands);
void commands_drained(struct commands *commands);
/* The last event that is known of, of that run of telexd. */
void commands_seq(struct commands *commands, const char *run, uint64_t seq);

#endif
