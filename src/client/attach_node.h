/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A daemon that an operator's end (client/attach_state) is attached to: what carries its lines,
 * what is known of it, and what it was asked. There is one, or there are many; then each has a
 * name.
 */
#ifndef TELEX_CLIENT_ATTACH_NODE_H
#define TELEX_CLIENT_ATTACH_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cast.h"
#include "client/follow.h"
#include "client/requests.h"

struct attach;
struct carrier;
struct carrier_hooks;
struct node;
struct timeout;

/* Of whoever has the node. None may destroy it. */
struct node_hooks {
    /* It has said hello. Lines of the owner's own may be asked before all else. */
    void (*greeted)(struct node *node, const struct follow_hello *hello);
    /* What is known of it is true from here on: node->before says whether it was so once. */
    void (*ready)(struct node *node);
    /* A line of the operator's was done, the command of that name. */
    void (*done)(struct node *node, const char *command);
    /* One of our own was refused. */
    void (*refused)(struct node *node, enum request_kind kind, const char *error);
    /* It said what cannot be understood, and nothing more of it is read. */
    void (*mistaken)(struct node *node, const char *error);
    /*
     * Its carrier is gone, and destroyed already. Until attach_node_reset what was known still
     * is; the owner says that it is not ready any more.
     */
    void (*lost)(struct node *node);
};

struct node {
    struct attach *attach;
    CAST_MARK;
    const struct node_hooks *hooks;
    struct node *prev, *next; /* of attach->nodes */
    struct carrier *carrier;  /* NULL while there is none */
    struct follow follow;
    struct requests requests;
    struct timeout *refresh; /* of what is known */
    char *version;           /* of the daemon; malloc'ed, NULL: it has not said hello */
    bool ready;              /* attached, and what is known is true */
    bool before;             /* was so once */
    bool anew;               /* the daemon has been started again since */
};

/* One of attach's, whose console must be open when it says hello. */
void attach_node_init(struct node *node, struct attach *attach, const struct node_hooks *hooks);
void attach_node_finish(struct node *node);

/* Those that its carrier is to be made with. */
struct carrier_hooks attach_node_carrier_hooks(struct node *node);
/*
 * The same for a carrier that knows more of a line (client/follow): false where it is none that
 * can be understood, which has been said by way of mistaken.
 */
bool attach_node_answer(struct node *node, uint64_t input, const char *line, size_t size);
bool attach_node_event(struct node *node, const char *line, size_t size);
bool attach_node_past(struct node *node, const char *line, size_t size, bool same_run);
/* Who is there may have changed: asks, a little later. */
void attach_node_ask_anew(struct node *node);
/* What was said by it so far is forgotten, and what it was asked. */
void attach_node_reset(struct node *node);

#endif
