/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Says on the bus that a node is there, every five seconds and to whoever asks who is there: as
 * long as its telexd is. What it says is one JSON object (telex-fleet(1), PRESENCE).
 */
#ifndef TELEX_FLEET_PRESENCE_H
#define TELEX_FLEET_PRESENCE_H

#include <stddef.h>
#include <stdint.h>

struct bus;
struct control_hello;
struct loop;
struct orders;
struct presence;

/* orders: where telexd can be asked how things are. All is borrowed for good. */
struct presence *presence_create(struct loop *loop, struct bus *bus, const char *node,
                                 struct orders *orders);
void presence_destroy(struct presence *presence); /* NULL is fine */

/* A telexd has greeted the console that orders is run on. */
void presence_hello(struct presence *presence, const struct control_hello *hello);
/* It may be asked; or it is gone. */
void presence_ready(struct presence *presence);
void presence_lost(struct presence *presence);
/* The number of the console that commands of all kinds are run on. */
void presence_console(struct presence *presence, uint64_t console);
/* What has happened last, in that run of telexd. */
void presence_seq(struct presence *presence, const char *run, uint64_t seq);
/* The bus is connected, anew or for the first time. */
void presence_connected(struct presence *presence);

#endif
