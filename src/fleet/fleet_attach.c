/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/fleet_attach.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/escape.h"
#include "base/json_put.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/ut.h"
#include "client/attach.h"
#include "client/attach_say.h"
#include "client/attach_settings.h"
#include "client/carrier.h"
#include "client/fields.h"
#include "client/nodes.h"
#include "console/console.h"
#include "fleet/bus.h"
#include "fleet/bus_carrier.h"
#include "fleet/members.h"
#include "fleet/past_lines.h"
#include "loop/timeout.h"

/* Microseconds that nodes get, at the start, to say who is on their lines. */
enum { PATIENCE = 2000000 };

struct fleet {
    struct nodes nodes; /* first */
    struct members *members;
    struct past_lines past;
    struct timeout *patience;
    bool gathered; /* who is there has been told, once */
};

struct fleet_node {
    struct node node; /* first */
    struct fleet *fleet;
    struct member *member;
};

static struct fleet *fleet_of(void *attach)
{
    return container_of(nodes_of(CAST(attach, attach)), struct fleet, nodes);
}

static struct fleet_node *of_node(struct node *node)
{
    return container_of(node, struct fleet_node, node);
}

/* --- the start --- */

static void say_attached(struct fleet *fleet)
{
    struct attach *attach = &fleet->nodes.attach;
    const struct node *node;
    UT_string names;
    size_t peers = 0;
    utstring_init(&names);
    DL_FOREACH(attach->nodes, node) {
        if (!node->ready)
            continue;
        utstring_printf(&names, "%s%s", utstring_len(&names) > 0 ? ", " : "", nodes_name(node));
        peers += known_peers(&node->follow.known);
    }
    if (utstring_len(&names) > 0)
        attach_say(attach, "attached to %s%s: %zu %s on the line%s", utstring_body(&names),
                   attach->read_only ? ", read-only" : "", peers, peers == 1 ? "peer" : "peers",
                   peers > 0 ? ", see /peers" : "");
    else
        attach_say(attach, "attached, and no node is there yet");
    utstring_done(&names);
}

static void begin(struct fleet *fleet)
{
    if (fleet->nodes.attach.begun)
        return;
    timeout_stop(fleet->patience);
    say_attached(fleet);
    attach_begin(&fleet->nodes.attach);
    members_listen(fleet->members);
}

static void begin_when_ready(struct fleet *fleet)
{
    const struct node *node;
    DL_FOREACH(fleet->nodes.attach.nodes, node) {
        if (node->carrier && !node->ready)
            return;
    }
    if (fleet->gathered)
        begin(fleet);
}

static void patience_cb(void *context)
{
    begin(fleet_of(context));
}

static void gathered(void *context)
{
    struct fleet *fleet = fleet_of(context);
    struct node *node;
    if (fleet->gathered) { /* it was lost meanwhile */
        DL_FOREACH(fleet->nodes.attach.nodes, node) {
            if (node->ready)
                attach_node_ask_anew(node);
        }
        return;
    }
    fleet->gathered = true;
    timeout_set(fleet->patience, PATIENCE);
    begin_when_ready(fleet);
}

/* --- what becomes of nodes --- */

static void greeted(struct node *node, const struct follow_hello *hello)
{
    (void)node, (void)hello;
}

static void ready(struct node *node)
{
    struct fleet *fleet = of_node(node)->fleet;
    const size_t count = known_peers(&node->follow.known);
    if (fleet->nodes.attach.begun)
        attach_say(node->attach, "%s is there%s: %zu %s on the line", nodes_name(node),
                   node->before ? " again" : "", count, count == 1 ? "peer" : "peers");
    begin_when_ready(fleet);
}

static void done(struct node *node, const char *command)
{
    (void)node, (void)command;
}

static void refused(struct node *node, enum request_kind kind, const char *error)
{
    if (kind == REQUEST_TYPED)
        return;
    char *text = escape_string(error);
    attach_say(node->attach, "%s does not say who is on its lines: %s", nodes_name(node), text);
    free(text);
}

static void mistaken(struct node *node, const char *error)
{
    log_error("%s: %s", nodes_name(node), error);
}

static void lost(struct node *node)
{
    (void)node;
}

static const struct node_hooks node_hooks = {.greeted = greeted,
                                             .ready = ready,
                                             .done = done,
                                             .refused = refused,
                                             .mistaken = mistaken,
                                             .lost = lost};

static void answer(void *context, uint64_t input, const char *line, size_t size)
{
    attach_node_answer(CAST(node, context), input, line, size);
}

static bool reads_only(void *context)
{
    const struct node *node = CAST(node, context);
    return attach_state_console(node->attach)->session.read_only;
}

/* What it was asked is not answered any more. */
static void end_carrier(struct fleet_node *one)
{
    struct node *node = &one->node;
    node->ready = false;
    if (!node->carrier)
        return;
    attach_say_unanswered(node);
    carrier_destroy(node->carrier);
    node->carrier = NULL;
    nodes_forget(&one->fleet->nodes, node);
}

/* What its telexd would say first to a console. */
static void greet(struct fleet_node *one)
{
    const struct member *member = one->member;
    const struct carrier_hooks hooks = attach_node_carrier_hooks(&one->node);
    UT_string line;
    struct json json;
    utstring_init(&line);
    json_put_init(&json, &line);
    json_put_object_begin(&json, NULL);
    json_put_string(&json, "event", "hello");
    json_put_unsigned(&json, "protocol", FOLLOW_PROTOCOL);
    json_put_string(&json, "version", member->version);
    json_put_string(&json, "access", "write");
    json_put_unsigned(&json, "console", member->console > 0 ? member->console : 1);
    json_put_object_end(&json);
    hooks.line(hooks.context, utstring_body(&line), utstring_len(&line));
    utstring_done(&line);
}

static struct fleet_node *make_node(struct fleet *fleet, struct member *member)
{
    struct fleet_node *one = mem_zalloc(sizeof *one);
    one->fleet = fleet;
    one->member = member;
    member->context = one;
    nodes_add(&fleet->nodes, &one->node, member->name, &node_hooks);
    return one;
}

static void came(void *context, struct member *member)
{
    struct fleet *fleet = fleet_of(context);
    struct fleet_node *one = member->context ? member->context : make_node(fleet, member);
    const struct bus_carrier_hooks hooks = {
        .context = &one->node, .answer = answer, .reads_only = reads_only};
    end_carrier(one);
    one->node.carrier = bus_carrier_create(&fleet->nodes.attach.loop,
                                           members_bus(fleet->members), member->name, &hooks);
    greet(one);
}

static void left(void *context, struct member *member)
{
    struct fleet *fleet = fleet_of(context);
    if (!member->context)
        return;
    end_carrier(member->context);
    attach_say(&fleet->nodes.attach, "%s is away", member->name);
}

/* --- what happens there --- */

static void show_past(void *owner, const char *line, size_t size)
{
    struct node *node = CAST(node, owner);
    attach_node_past(node, line, size, true);
}

static void caught_up(void *context)
{
    past_lines_tell(&fleet_of(context)->past, show_past);
}

static void take_lost(struct fleet *fleet, const struct member *member,
                      const struct member_event *event)
{
    json_t *object = event->past ? NULL : json_loadb(event->line, event->size, 0, NULL);
    uint64_t messages = 0, events = 0;
    if (fields_unsigned(object, "messages", &messages) &&
        fields_unsigned(object, "events", &events))
        attach_say(&fleet->nodes.attach,
                   "%s: nobody has any more what came before: %" PRIu64 " %s, %" PRIu64
                   " other %s",
                   member->name, messages, messages == 1 ? "message" : "messages", events,
                   events == 1 ? "event" : "events");
    json_decref(object);
}

/* A run that nobody has announced yet is the new one; the one before may still tell. */
static void follow_run(struct fleet *fleet, struct member *member, const char *run)
{
    if (strcmp(run, member->run) == 0 || strcmp(run, member->before) == 0)
        return;
    memcpy(member->before, member->run, sizeof member->before);
    snprintf(member->run, sizeof member->run, "%s", run);
    if (member->here)
        came(&fleet->nodes.attach, member);
}

static void take_event(void *context, struct member *member, const struct member_event *event)
{
    struct fleet *fleet = fleet_of(context);
    struct fleet_node *one = member->context ? member->context : make_node(fleet, member);
    if (event->lost) {
        take_lost(fleet, member, event);
        return;
    }
    if (!event->past)
        follow_run(fleet, member, event->run);
    const bool same = strcmp(event->run, member->run) == 0;
    if (event->past && same)
        past_lines_add(&fleet->past, &one->node, event->line, event->size);
    else if (!event->past && same)
        attach_node_event(&one->node, event->line, event->size);
    else if (!event->past)
        attach_node_past(&one->node, event->line, event->size, false);
}

/* Then events stay in the stream. */
static bool is_full(void *context)
{
    const struct console *console = attach_state_console(&fleet_of(context)->nodes.attach);
    return console->front->backlog(console) > CONSOLE_BACKLOG_LOW;
}

static void say(void *context, const char *text)
{
    struct fleet *fleet = fleet_of(context);
    struct attach *attach = &fleet->nodes.attach;
    if (attach->begun)
        attach_say(attach, "%s", text);
    else
        log_error("%s", text);
    if (!fleet->gathered && !bus_is_connected(members_bus(fleet->members)))
        attach_state_leave(attach, EXIT_FAILURE);
}

/* --- putting together --- */

static bool join(struct fleet *fleet)
{
    struct attach *attach = &fleet->nodes.attach;
    const struct members_hooks hooks = {.context = attach,
                                        .came = came,
                                        .left = left,
                                        .event = take_event,
                                        .gathered = gathered,
                                        .caught_up = caught_up,
                                        .is_full = is_full,
                                        .says = say};
    fleet->past.most = attach->settings->history;
    fleet->members = members_create(&attach->loop, &attach->settings->nats,
                                    attach->settings->history, &hooks);
    return fleet->members != NULL;
}

static void finish_nodes(struct fleet *fleet)
{
    struct node *node, *next;
    DL_FOREACH_SAFE(fleet->nodes.attach.nodes, node, next) {
        attach_node_finish(node);
        free(of_node(node));
    }
}

int fleet_attach_run(const struct attach_settings *settings)
{
    struct fleet fleet = {0};
    struct attach *attach = &fleet.nodes.attach;
    nodes_init(&fleet.nodes, settings);
    fleet.patience =
        timeout_create(&attach->loop, LOOP_OPERATOR, PART_CONSOLE, patience_cb, attach);
    nodes_open(&fleet.nodes);
    if (join(&fleet))
        loop_run(&attach->loop);
    else
        attach->status = EXIT_FAILURE;
    attach_close(attach);
    finish_nodes(&fleet);
    members_destroy(fleet.members);
    past_lines_finish(&fleet.past);
    timeout_destroy(fleet.patience);
    return attach_finish(attach);
}
