/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An operator's end of many daemons (client/attach_state). Each is a node with a name of its
 * own; whoever brings them (another room) makes and ends them. The target is kept here, since
 * no daemon knows of the others.
 */
#ifndef TELEX_CLIENT_NODES_H
#define TELEX_CLIENT_NODES_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "client/attach_node.h"
#include "client/attach_state.h"
#include "console/directory.h"
#include "core/names.h"

/* Of what was sent over the nodes: ours, whatever number their daemons have for us. */
#define NODES_CONSOLE UINT_MAX

struct nodes {
    struct attach attach;       /* first */
    struct directory directory; /* of all */
    struct node *chosen;        /* that lines go to which name none; NULL: none */
    char kept[NAMES_ROOM];      /* the target's name where it is kept by that; "" */
    char kept_node[NAMES_ROOM]; /* and its node's */
    unsigned places;            /* of nodes so far */
    bool ending;                /* once all that was asked is answered */
};

/* Of the attach of a nodes. */
struct nodes *nodes_of(struct attach *attach);

/* attach_init, and attach_open, for these. */
void nodes_init(struct nodes *nodes, const struct attach_settings *settings);
void nodes_open(struct nodes *nodes);

/* A node of that name, which is borrowed; the console is open. It stays until that is closed.
 */
void nodes_add(struct nodes *nodes, struct node *node, const char *name,
               const struct node_hooks *hooks);
const char *nodes_name(const struct node *node);
/* NULL where there is none of that name. */
struct node *nodes_find(const struct nodes *nodes, const char *name);
/* Whose peer it is, as the console has its number. */
struct node *nodes_of_peer(const struct nodes *nodes, uint64_t peer);

/* Lines that name no node go there from now on; NULL: nowhere. */
void nodes_choose(struct nodes *nodes, struct node *node);
/* Makes the peer of that number of its daemon's the target; word is how it was found. */
void nodes_aim(struct nodes *nodes, struct node *node, uint64_t peer, const char *word);
/* There is none from now on. */
void nodes_aim_at_nobody(struct nodes *nodes);
/* What was told there so far is forgotten: its peers are nobody's target. */
void nodes_forget(struct nodes *nodes, struct node *node);

#endif
