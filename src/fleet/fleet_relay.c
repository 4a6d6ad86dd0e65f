/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/fleet_relay.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/json_put.h"
#include "base/log.h"
#include "base/mem.h"
#include "client/attach_settings.h"
#include "console/diagnostics.h"
#include "fleet/bus.h"
#include "fleet/fleet_relay_parts.h"
#include "loop/inlet.h"
#include "loop/outlet.h"
#include "loop/signals.h"

/* Bytes that wait for the reader of stdout; beyond them events stay in the stream. */
enum { OUT_MAX = 1 << 20 };
/* Lines that wait for an answer; beyond them none is read. */
enum { ASKS_MAX = 256 };

void fleet_relay_leave(struct fleet_relay *relay, int status)
{
    relay->status = status;
    loop_stop(&relay->loop);
}

/* --- stdout --- */

void fleet_relay_write(struct fleet_relay *relay)
{
    if (!relay->broken)
        outlet_write(relay->out, utstring_body(&relay->line), utstring_len(&relay->line));
    utstring_clear(&relay->line);
}

static void write_line(struct member *member, struct node_line how, const char *text,
                       size_t size)
{
    struct fleet_relay *relay = fleet_relay_of(member);
    how.node = member->name;
    node_line_write(&relay->line, &how, text, size);
    fleet_relay_write(relay);
}

static void out_drained(void *context)
{
    fleet_relay_pace(CAST(fleet_relay, context));
}

static void out_broken(void *context)
{
    struct fleet_relay *relay = CAST(fleet_relay, context);
    relay->broken = true;
    if (relay->settings->follow)
        fleet_relay_leave(relay, EXIT_SUCCESS);
    else
        log_error("nobody reads stdout any more: no more is written there");
}

/* --- stdin --- */

void fleet_relay_pace(struct fleet_relay *relay)
{
    if (relay->in && !relay->ended)
        inlet_hold(relay->in,
                   relay->waiting >= ASKS_MAX || outlet_backlog(relay->out) > OUT_MAX);
    if (relay->ended && relay->waiting == 0)
        fleet_relay_leave(relay, EXIT_SUCCESS);
}

static void take_lines(struct fleet_relay *relay)
{
    const char *line;
    size_t size;
    enum lines_result result;
    while ((result = lines_next(&relay->lines, &line, &size)) != LINES_NONE)
        fleet_relay_line(relay, line, size, result == LINES_TOO_LONG);
    fleet_relay_pace(relay);
}

static void take_input(void *context, const char *data, size_t size)
{
    struct fleet_relay *relay = CAST(fleet_relay, context);
    lines_add(&relay->lines, data, size);
    take_lines(relay);
}

static void end_input(void *context)
{
    struct fleet_relay *relay = CAST(fleet_relay, context);
    const char *line;
    size_t size;
    const enum lines_result last = lines_last(&relay->lines, &line, &size);
    inlet_hold(relay->in, true);
    if (last != LINES_NONE)
        fleet_relay_line(relay, line, size, last == LINES_TOO_LONG);
    relay->ended = true;
    fleet_relay_pace(relay);
}

/* --- the fleet --- */

static void tell_state(struct fleet_relay *relay, const struct member *member,
                       const char *state)
{
    struct json json;
    json_put_init(&json, &relay->line);
    json_put_object_begin(&json, NULL);
    json_put_time(&json, "time", relay->host.wall(relay->host.context));
    json_put_string(&json, "event", "node");
    json_put_string(&json, "node", member->name);
    json_put_string(&json, "state", state);
    json_put_string(&json, "run", member->run);
    json_put_string(&json, "version", member->version);
    json_put_object_end(&json);
    utstring_bincpy(&relay->line, "\n", 1);
    fleet_relay_write(relay);
}

static void came(void *context, struct member *member)
{
    struct fleet_relay *relay = CAST(fleet_relay, context);
    fleet_relay_meet(relay, member);
    tell_state(relay, member, "there");
}

static void left(void *context, struct member *member)
{
    tell_state(CAST(fleet_relay, context), member, "away");
}

static void take_event(void *context, struct member *member, const struct member_event *event)
{
    struct fleet_relay *relay = CAST(fleet_relay, context);
    fleet_relay_meet(relay, member);
    if (!event->past)
        write_line(member, (struct node_line){0}, event->line, event->size);
    else
        past_lines_add(&relay->past, member, event->line, event->size);
}

static void show_past(void *owner, const char *line, size_t size)
{
    write_line(CAST(member, owner), (struct node_line){.past = true}, line, size);
}

static void caught_up(void *context)
{
    static const struct inlet_callbacks callbacks = {.data = take_input, .end = end_input};
    struct fleet_relay *relay = CAST(fleet_relay, context);
    past_lines_tell(&relay->past, show_past);
    if (!relay->settings->follow)
        relay->in = inlet_create(&relay->loop, STDIN_FILENO, &callbacks, relay);
}

static void gathered(void *context)
{
    struct fleet_relay *relay = CAST(fleet_relay, context);
    relay->gathered = true;
    members_listen(relay->members);
}

static bool is_full(void *context)
{
    const struct fleet_relay *relay = CAST(fleet_relay, context);
    return outlet_backlog(relay->out) > OUT_MAX;
}

static void say(void *context, const char *text)
{
    struct fleet_relay *relay = CAST(fleet_relay, context);
    log_error("%s", text);
    if (!relay->gathered && !bus_is_connected(members_bus(relay->members)))
        fleet_relay_leave(relay, EXIT_FAILURE);
}

/* --- putting together --- */

static void terminate(void *context)
{
    struct fleet_relay *relay = CAST(fleet_relay, context);
    relay->killed_by = signals_last(relay->signals);
    fleet_relay_leave(relay, EXIT_FAILURE);
}

static void init(struct fleet_relay *relay, const struct attach_settings *settings)
{
    static const struct outlet_callbacks out = {.drained = out_drained, .broken = out_broken};
    static const struct signals_callbacks callbacks = {
        .terminate = terminate, .interrupt = terminate, .hang_up = terminate};
    *relay = (struct fleet_relay){.settings = settings,
                                  .reads_only = settings->read_only,
                                  .past.most = settings->history};
    CAST_INIT(fleet_relay, relay);
    utstring_init(&relay->line);
    lines_init(&relay->lines);
    loop_init(&relay->loop);
    relay->host = loop_host(&relay->loop);
    relay->diagnostics = diagnostics_create(&relay->loop);
    relay->signals = signals_create(&relay->loop, &callbacks, relay);
    relay->out = outlet_create(&relay->loop, STDOUT_FILENO, &out, relay);
    outlet_set_patience(relay->out, -1);
    outlet_set_strict(relay->out);
}

static void finish(struct fleet_relay *relay)
{
    inlet_destroy(relay->in);
    fleet_relay_forget(relay);
    members_destroy(relay->members);
    outlet_destroy(relay->out);
    loop_poll(&relay->loop); /* for a signal that came last */
    signals_destroy(relay->signals);
    past_lines_finish(&relay->past);
    lines_finish(&relay->lines);
    utstring_done(&relay->line);
    diagnostics_destroy(relay->diagnostics);
    loop_finish(&relay->loop);
}

static bool join(struct fleet_relay *relay)
{
    const struct members_hooks hooks = {.context = relay,
                                        .came = came,
                                        .left = left,
                                        .event = take_event,
                                        .gathered = gathered,
                                        .caught_up = caught_up,
                                        .is_full = is_full,
                                        .says = say};
    relay->members =
        members_create(&relay->loop, &relay->settings->nats, relay->settings->history, &hooks);
    return relay->members != NULL;
}

int fleet_relay_run(const struct attach_settings *settings)
{
    struct fleet_relay relay;
    init(&relay, settings);
    if (join(&relay))
        loop_run(&relay.loop);
    else
        relay.status = EXIT_FAILURE;
    finish(&relay);
    if (relay.killed_by)
        signals_die(relay.killed_by);
    return relay.status;
}
