/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/nodes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/mem.h"
#include "base/ut.h"
#include "client/attach.h"
#include "client/nodes_commands.h"
#include "client/nodes_talk.h"
#include "console/console.h"
#include "core/told.h"

struct nodes *nodes_of(struct attach *attach)
{
    return container_of(attach, struct nodes, attach);
}

/* --- who is there --- */

const char *nodes_name(const struct node *node)
{
    return node->follow.known.node;
}

struct node *nodes_find(const struct nodes *nodes, const char *name)
{
    struct node *node;
    DL_FOREACH(nodes->attach.nodes, node) {
        if (strcmp(nodes_name(node), name) == 0)
            return node;
    }
    return NULL;
}

struct node *nodes_of_peer(const struct nodes *nodes, uint64_t peer)
{
    struct node *node;
    DL_FOREACH(nodes->attach.nodes, node) {
        if (known_number(&node->follow.known, peer) != 0)
            return node;
    }
    return NULL;
}

static const struct nodes *of_directory(const struct directory *directory)
{
    return container_of(directory, struct nodes, directory);
}

static struct who find_peer(const struct directory *directory, uint64_t number)
{
    const struct node *node = nodes_of_peer(of_directory(directory), number);
    const struct directory *own = node ? &node->follow.known.directory : NULL;
    return own ? own->find(own, number) : (struct who){0};
}

static void each_peer(const struct directory *directory, directory_visit *visit, void *context)
{
    const struct node *node;
    DL_FOREACH(of_directory(directory)->attach.nodes, node) {
        node->follow.known.directory.peers(&node->follow.known.directory, visit, context);
    }
}

static void each_listener(const struct directory *directory, directory_visit *visit,
                          void *context)
{
    const struct node *node;
    DL_FOREACH(of_directory(directory)->attach.nodes, node) {
        node->follow.known.directory.listeners(&node->follow.known.directory, visit, context);
    }
}

/* --- the target --- */

static struct console *console_of(struct nodes *nodes)
{
    return attach_state_console(&nodes->attach);
}

static void keep(struct nodes *nodes, const char *node, const char *name)
{
    snprintf(nodes->kept, sizeof nodes->kept, "%s", name);
    snprintf(nodes->kept_node, sizeof nodes->kept_node, "%s", node);
}

void nodes_aim(struct nodes *nodes, struct node *node, uint64_t peer, const char *word)
{
    struct console *console = console_of(nodes);
    keep(nodes, nodes_name(node), names_valid(word) ? word : "");
    console_set_target(console, node->follow.known.base + peer, "", console_wall(console));
}

void nodes_aim_at_nobody(struct nodes *nodes)
{
    struct console *console = console_of(nodes);
    keep(nodes, "", "");
    console_set_target(console, 0, "", console_wall(console));
}

/* Who is kept by name is away, anybody else no target any more. */
static void lose_target(struct nodes *nodes, int64_t time)
{
    char away[OPERATOR_TARGET_ROOM] = "";
    if (*nodes->kept)
        snprintf(away, sizeof away, "%s/%s", nodes->kept_node, nodes->kept);
    console_set_target(console_of(nodes), 0, away, time);
}

static void follow_name(struct nodes *nodes, const struct told *told)
{
    struct console *console = console_of(nodes);
    const char *name = told->peer.name ? told->peer.name : "";
    if (*nodes->kept == '\0' || strcmp(told->peer.node, nodes->kept_node) != 0)
        return;
    if (told->peer.number == console->session.target)
        keep(nodes, told->peer.node, name);
    else if (strcmp(name, nodes->kept) == 0)
        console_set_target(console, told->peer.number, "", told->time);
}

/* In place of the answer to a line that sent it, which may have come before. */
static void note_sent(struct nodes *nodes, const struct told *told)
{
    struct console *console = console_of(nodes);
    if (told_is_sent_by(told, NODES_CONSOLE) && console->front->answers)
        console->front->answers(console, CONSOLE_ANSWER_LAST);
}

/* As command/operator_target does it for a daemon's own consoles. */
static void told(struct node *node, const struct told *told)
{
    struct nodes *nodes = nodes_of(node->attach);
    if (told->type == HUB_NAME)
        follow_name(nodes, told);
    else if (told->type == HUB_CLOSE && told->peer.number == console_of(nodes)->session.target)
        lose_target(nodes, told->time);
    else if (told->type == HUB_SENT)
        note_sent(nodes, told);
}

void nodes_forget(struct nodes *nodes, struct node *node)
{
    struct console *console = console_of(nodes);
    if (known_number(&node->follow.known, console->session.target) != 0)
        lose_target(nodes, console_wall(console));
    attach_node_reset(node);
}

void nodes_choose(struct nodes *nodes, struct node *node)
{
    struct console *console = console_of(nodes);
    nodes->chosen = node;
    console->node = node ? nodes_name(node) : NULL;
    if (console->front->changed)
        console->front->changed(console, OPERATOR_TARGET);
}

/* --- their life --- */

static const struct attach_kind kind = {.nodes = true,
                                        .commands = nodes_commands,
                                        .forward = nodes_talk_forward,
                                        .script_ended = nodes_talk_script_ended,
                                        .answered = nodes_talk_answered,
                                        .told = told};

void nodes_init(struct nodes *nodes, const struct attach_settings *settings)
{
    *nodes = (struct nodes){
        .directory = {.find = find_peer, .peers = each_peer, .listeners = each_listener}};
    attach_init(&nodes->attach, settings, &kind);
}

void nodes_open(struct nodes *nodes)
{
    attach_open(&nodes->attach, &nodes->directory);
    struct operator_session *session = &console_of(nodes)->session;
    session->console = NODES_CONSOLE;
    session->read_only = nodes->attach.read_only;
}

void nodes_add(struct nodes *nodes, struct node *node, const char *name,
               const struct node_hooks *hooks)
{
    attach_node_init(node, &nodes->attach, hooks);
    node->follow.known.node = name;
    node->follow.known.base = who_base(++nodes->places);
    node->follow.console = console_of(nodes);
}
