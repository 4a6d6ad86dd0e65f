/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json_put.h"
#include "command/command.h"
#include "console/console.h"
#include "console/renderer.h"
#include "core/hub.h"
#include "core/responder.h"
#include "core/told.h"
#include "core/told_write.h"

enum { JSON_PROTOCOL = 1 };

static void json_begin(struct json *json, struct console *console, int64_t time,
                       const char *event)
{
    json_put_init(json, &console->out);
    json_put_object_begin(json, NULL);
    json_put_time(json, "time", time);
    json_put_string(json, "event", event);
}

static void json_end(struct json *json)
{
    json_put_object_end(json);
    utstring_bincpy(json->out, "\n", 1);
}

/* Absent for the peers of an outgoing call. */
static void json_listener_number(struct json *json, const struct listener *listener)
{
    if (listener)
        json_put_unsigned(json, "listener", listener->number);
}

static void render_json_event(struct console *console, const struct told *told)
{
    struct json json;
    json_begin(&json, console, told->time, hub_event_name(told->type));
    told_write(&json, told, console->session.view != VIEW_SIZE);
    json_end(&json);
}

static void json_peer(struct json *json, const char *key, const struct peer *peer, int64_t now)
{
    struct link_description description = {0};
    peer->link->ops->describe(peer->link, &description);
    json_put_object_begin(json, key);
    json_put_unsigned(json, "peer", peer->number);
    json_put_string(json, "transport", peer->link->ops->transport);
    json_put_string(json, "remote", description.remote);
    json_put_string(json, "local", description.local);
    json_listener_number(json, peer->origin->listener);
    json_put_string(json, "name", peer->name);
    json_put_string(json, "state", peer_state_name(peer->state));
    json_put_unsigned(json, "received", peer->received);
    json_put_unsigned(json, "sent", peer_sent(peer));
    json_put_unsigned(json, "queued", peer_queued(peer));
    json_put_seconds(json, "idle", now > peer->active ? now - peer->active : 0);
    json_put_object_end(json);
}

static void json_result_done(struct json *json, const struct result *result)
{
    (void)json, (void)result;
}

static void json_result_peers(struct json *json, const struct result *result)
{
    json_put_array_begin(json, "peers");
    for (size_t i = 0; i < result->peers.count; i++)
        json_peer(json, NULL, result->peers.items[i], result->peers.now);
    json_put_array_end(json);
}

static void json_result_peer(struct json *json, const struct result *result)
{
    json_peer(json, "peer", result->peers.items[0], result->peers.now);
}

static void json_result_called(struct json *json, const struct result *result)
{
    json_put_unsigned(json, "peer", result->number);
}

static void json_listener(struct json *json, const struct listener *listener)
{
    const struct profile *profile = &listener->origin.profile;
    json_put_object_begin(json, NULL);
    json_put_unsigned(json, "listener", listener->number);
    json_put_string(json, "endpoint", listener->origin.text);
    json_put_string(json, "name", profile->name);
    json_put_string(json, "reply", profile->reply ? profile->reply->name : "none");
    json_put_string(json, "eol", eol_name(profile->eol));
    json_put_string(json, "framing", framing_name(profile->framing));
    if (profile->half_close >= 0)
        json_put_seconds(json, "half_close", profile->half_close);
    json_put_object_end(json);
}

static void json_result_listeners(struct json *json, const struct result *result)
{
    json_put_array_begin(json, "listeners");
    for (size_t i = 0; i < result->listeners.count; i++)
        json_listener(json, result->listeners.items[i]);
    json_put_array_end(json);
}

static void json_result_stats(struct json *json, const struct result *result)
{
    json_put_object_begin(json, "stats");
    json_put_time(json, "start_time", result->stats.started);
    for (unsigned i = 0; i < result->stats.count; i++) {
        const struct stats_figure *figure = &result->stats.figures[i];
        if (figure->word)
            json_put_string(json, figure->name, figure->word);
        else
            json_put_unsigned(json, figure->name, figure->value);
    }
    json_put_object_end(json);
}

static void json_result_help(struct json *json, const struct result *result)
{
    json_put_array_begin(json, "help");
    for (size_t i = 0; i < result->help.count; i++) {
        const struct command *command = result->help.items[i];
        json_put_object_begin(json, NULL);
        json_put_string(json, "command", command->name);
        json_put_string(json, "arguments", command->arguments ? command->arguments : "");
        json_put_string(json, "summary", command->summary);
        if (result->help.count == 1)
            json_put_string(json, "help", command->help);
        json_put_object_end(json);
    }
    json_put_array_end(json);
}

typedef void json_result_fields(struct json *json, const struct result *result);

static json_result_fields *const json_result_table[RESULT_TYPES] = {
    [RESULT_DONE] = json_result_done,           [RESULT_PEERS] = json_result_peers,
    [RESULT_PEER] = json_result_peer,           [RESULT_CALLED] = json_result_called,
    [RESULT_LISTENERS] = json_result_listeners, [RESULT_STATS] = json_result_stats,
    [RESULT_HELP] = json_result_help,
};

static void render_json_result(struct console *console, const struct result *result)
{
    struct json json;
    json_begin(&json, console, console_wall(console), "result");
    json_put_unsigned(&json, "input", console->line);
    json_put_string(&json, "command", result->command);
    if (result->note)
        json_put_string(&json, "note", result->note);
    json_result_table[result->type](&json, result);
    if (result->more)
        json_put_bool(&json, "more", true);
    json_end(&json);
}

static void render_json_error(struct console *console, const char *command, const char *text)
{
    struct json json;
    json_begin(&json, console, console_wall(console), "error");
    json_put_string(&json, "error", text);
    if (command)
        json_put_string(&json, "command", command);
    if (console->line > 0)
        json_put_unsigned(&json, "input", console->line);
    json_end(&json);
}

static void render_json_target(struct console *console, int64_t time, const struct who *peer)
{
    struct json json;
    json_begin(&json, console, time, "target");
    if (peer->number != 0)
        json_put_unsigned(&json, "peer", peer->number);
    else
        json_put_null(&json, "peer");
    json_end(&json);
}

static void render_json_lost(struct console *console, uint64_t messages, uint64_t events)
{
    struct json json;
    json_begin(&json, console, console_wall(console), "lost");
    json_put_unsigned(&json, "messages", messages);
    json_put_unsigned(&json, "events", events);
    json_end(&json);
}

static void render_json_hello(struct console *console, const char *version)
{
    struct json json;
    json_begin(&json, console, console_wall(console), "hello");
    json_put_unsigned(&json, "protocol", JSON_PROTOCOL);
    json_put_string(&json, "version", version);
    json_put_string(&json, "access", console->session.read_only ? "read" : "write");
    json_put_unsigned(&json, "console", console->session.console);
    json_end(&json);
}

const struct renderer render_json = {
    .event = render_json_event,
    .result = render_json_result,
    .error = render_json_error,
    .target = render_json_target,
    .lost = render_json_lost,
    .hello = render_json_hello,
};
