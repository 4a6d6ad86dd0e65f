/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A node whose nats-server is a leaf of the hub: has the hub's stream fetch what the leaf's
 * keeps, as soon as the hub can be reached. It looks again now and then, since another node may
 * have written its own word over ours.
 */
#ifndef TELEX_FLEET_LEAF_H
#define TELEX_FLEET_LEAF_H

struct bus;
struct jetstream_settings;
struct leaf;
struct loop;

/* What the settings point to is borrowed for good. */
struct leaf *leaf_create(struct loop *loop, struct bus *bus,
                         const struct jetstream_settings *settings);
void leaf_destroy(struct leaf *leaf); /* NULL is fine */

/* Of the bus. */
void leaf_connected(struct leaf *leaf);
void leaf_lost(struct leaf *leaf);

#endif
