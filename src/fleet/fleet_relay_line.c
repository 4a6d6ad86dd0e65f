/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines of the input, each to the node that it names, and their answers. */
#include <stdlib.h>
#include <string.h>

#include "base/json_put.h"
#include "base/mem.h"
#include "client/carrier.h"
#include "client/nodes_commands.h"
#include "client/nodes_line.h"
#include "fleet/answer.h"
#include "fleet/bus_carrier.h"
#include "fleet/fleet_relay_parts.h"

/* A line that nodes are asked; of several each has its answer, and the last ends it. */
struct fleet_ask {
    uint64_t input;
    unsigned waits; /* nodes that have not answered all */
};

/* It, at one node. */
struct fleet_sent {
    struct fleet_sent *prev, *next; /* utlist */
    uint64_t number;                /* of the carrier */
    struct fleet_ask *ask;
};

struct fleet_station {
    struct fleet_station *prev, *next; /* utlist */
    CAST_MARK;
    struct fleet_relay *relay;
    struct member *member;
    struct carrier *carrier;
    struct fleet_sent *sent;
    uint64_t count; /* of lines to it */
};

struct fleet_relay *fleet_relay_of(const struct member *member)
{
    const struct fleet_station *station = member->context;
    return station->relay;
}

/* --- answers of our own --- */

static void answer_begin(struct fleet_relay *relay, struct json *json, const char *event)
{
    json_put_init(json, &relay->line);
    json_put_object_begin(json, NULL);
    json_put_time(json, "time", relay->host.wall(relay->host.context));
    json_put_string(json, "event", event);
}

static void answer_end(struct fleet_relay *relay, struct json *json, const char *command)
{
    if (command)
        json_put_string(json, "command", command);
    json_put_unsigned(json, "input", relay->input);
    json_put_object_end(json);
    utstring_bincpy(&relay->line, "\n", 1);
    fleet_relay_write(relay);
}

static void refuse(struct fleet_relay *relay, const char *command, const char *why)
{
    struct json json;
    answer_begin(relay, &json, "error");
    json_put_string(&json, "error", why);
    answer_end(relay, &json, command);
}

static void refuse_by(struct fleet_relay *relay, const char *command, char *why)
{
    refuse(relay, command, why);
    free(why);
}

static void done(struct fleet_relay *relay, const char *command)
{
    struct json json;
    answer_begin(relay, &json, "result");
    answer_end(relay, &json, command);
}

/* --- those of nodes --- */

static struct fleet_sent *find(const struct fleet_station *station, uint64_t number)
{
    struct fleet_sent *sent = station->sent;
    while (sent && sent->number != number)
        sent = sent->next;
    return sent;
}

static void drop(struct fleet_station *station, struct fleet_sent *sent)
{
    if (--sent->ask->waits == 0) {
        station->relay->waiting--;
        free(sent->ask);
    }
    DL_DELETE(station->sent, sent);
    free(sent);
}

static void answer(void *context, uint64_t number, const char *line, size_t size)
{
    struct fleet_station *station = CAST(fleet_station, context);
    struct fleet_relay *relay = station->relay;
    struct fleet_sent *sent = find(station, number);
    if (!sent)
        return;
    const bool ends = !answer_goes_on(line, size);
    const struct node_line how = {.node = station->member->name,
                                  .input = sent->ask->input,
                                  .more = ends && sent->ask->waits > 1};
    node_line_write(&relay->line, &how, line, size);
    if (ends)
        drop(station, sent);
    fleet_relay_write(relay);
    fleet_relay_pace(relay);
}

static bool reads_only(void *context)
{
    const struct fleet_station *station = CAST(fleet_station, context);
    return station->relay->reads_only;
}

void fleet_relay_meet(struct fleet_relay *relay, struct member *member)
{
    if (member->context)
        return;
    struct fleet_station *station = mem_zalloc(sizeof *station);
    const struct bus_carrier_hooks hooks = {
        .context = station, .answer = answer, .reads_only = reads_only};
    CAST_INIT(fleet_station, station);
    station->relay = relay;
    station->member = member;
    station->carrier =
        bus_carrier_create(&relay->loop, members_bus(relay->members), member->name, &hooks);
    member->context = station;
    DL_APPEND(relay->stations, station);
}

void fleet_relay_forget(struct fleet_relay *relay)
{
    struct fleet_station *station, *next;
    DL_FOREACH_SAFE(relay->stations, station, next) {
        while (station->sent)
            drop(station, station->sent);
        carrier_destroy(station->carrier);
        free(station);
    }
}

/* --- lines to them --- */

static void tell(struct fleet_station *station, struct fleet_ask *ask,
                 const struct nodes_line *line)
{
    struct fleet_sent *sent = mem_zalloc(sizeof *sent);
    sent->number = ++station->count;
    sent->ask = ask;
    ask->waits++;
    DL_APPEND(station->sent, sent);
    carrier_send(station->carrier, line->text, line->size);
}

static struct fleet_ask *make_ask(struct fleet_relay *relay)
{
    struct fleet_ask *ask = mem_zalloc(sizeof *ask);
    ask->input = relay->input;
    relay->waiting++;
    return ask;
}

static void send_to_all(struct fleet_relay *relay, const struct nodes_line *line)
{
    struct fleet_station *station;
    struct fleet_ask *ask = NULL;
    DL_FOREACH(relay->stations, station) {
        if (!station->member->here)
            continue;
        if (!ask)
            ask = make_ask(relay);
        tell(station, ask, line);
    }
    if (!ask)
        refuse(relay, line->read.command->name, "no node is there, and nothing was done");
}

static void send_to_one(struct fleet_relay *relay, const struct nodes_line *line)
{
    const char *command = line->read.command ? line->read.command->name : "send";
    struct member *member =
        *line->node ? members_find(relay->members, line->node) : relay->chosen;
    if (!member && *line->node)
        refuse_by(relay, command, mem_printf("no node '%s': /nodes lists them", line->node));
    else if (!member)
        refuse(relay, command,
               "of which node? Write NODE/PEER, such as berlin/3, or choose one "
               "with /node NAME");
    else if (!member->here)
        refuse_by(relay, command, mem_printf("%s is away, and nothing was done", member->name));
    else
        tell(member->context, make_ask(relay), line);
}

/* --- commands of our own --- */

static void tell_nodes(struct fleet_relay *relay)
{
    const struct fleet_station *station;
    struct json json;
    answer_begin(relay, &json, "result");
    json_put_array_begin(&json, "nodes");
    DL_FOREACH(relay->stations, station) {
        json_put_object_begin(&json, NULL);
        json_put_string(&json, "node", station->member->name);
        json_put_string(&json, "state", station->member->here ? "there" : "away");
        json_put_string(&json, "run", station->member->run);
        json_put_string(&json, "version", station->member->version);
        json_put_object_end(&json);
    }
    json_put_array_end(&json);
    answer_end(relay, &json, nodes_command_nodes.name);
}

static void choose(struct fleet_relay *relay, const struct nodes_line *line)
{
    const char *name = line->read.arguments.words[0];
    struct member *member = members_find(relay->members, name);
    if (!member && strcmp(name, "-") != 0) {
        refuse(relay, nodes_command_node.name, "no node of that name: /nodes lists them");
        return;
    }
    relay->chosen = member;
    done(relay, nodes_command_node.name);
}

static void run_here(struct fleet_relay *relay, const struct nodes_line *line)
{
    const struct command *command = line->read.command;
    if (command == &nodes_command_nodes) {
        tell_nodes(relay);
    } else if (command == &nodes_command_node) {
        choose(relay, line);
    } else if (command == &cmd_read_only) {
        relay->reads_only = true;
        done(relay, command->name);
    } else if (command == &cmd_quit) {
        done(relay, command->name);
        relay->ended = true;
    } else {
        refuse_by(relay, command->name,
                  mem_printf("/%s is for a console that people read", command->name));
    }
}

/* --- all of them --- */

static bool may(struct fleet_relay *relay, const struct nodes_line *line)
{
    const struct command *command = line->read.command;
    if (!relay->reads_only || (command && command->read_only))
        return true;
    refuse_by(relay, command ? command->name : "send",
              mem_printf("this console is read-only, and /%s is not for it",
                         command ? command->name : "send"));
    return false;
}

static void run(struct fleet_relay *relay, const struct nodes_line *line)
{
    const bool names_none = !*line->node && !relay->chosen;
    if (line->kind == NODES_LINE_WRONG)
        refuse(relay, line->read.command ? line->read.command->name : NULL, line->error);
    else if (line->kind == NODES_LINE_TEXT || line->kind == NODES_LINE_TARGET)
        refuse(relay, "send", "there is no target here: write @NODE/PEER TEXT");
    else if (line->kind == NODES_LINE_HERE)
        run_here(relay, line);
    else if (!may(relay, line))
        return;
    else if (line->kind == NODES_LINE_ASKS && names_none)
        send_to_all(relay, line);
    else
        send_to_one(relay, line);
}

void fleet_relay_line(struct fleet_relay *relay, const char *text, size_t size, bool too_long)
{
    struct nodes_line line;
    relay->input++;
    if (relay->ended)
        return; /* behind /quit */
    if (too_long) {
        refuse(relay, NULL, "a line of more than 1 MiB was skipped");
        return;
    }
    nodes_line_read(&line, nodes_commands, text, size);
    if (line.kind != NODES_LINE_EMPTY)
        run(relay, &line);
    nodes_line_finish(&line);
}
