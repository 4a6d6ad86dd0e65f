/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <string.h>

#include "base/json_put.h"
#include "base/utf8.h"
#include "command/command.h"
#include "console/console.h"
#include "console/renderer.h"
#include "core/hub.h"
#include "core/responder.h"

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

/* Text members may hold bytes that are no UTF-8 (paths): json_text replaces those. */
static void json_words(struct json *json, const char *key, const char *value)
{
    if (value)
        json_put_text(json, key, value, strlen(value));
    else
        json_put_null(json, key);
}

/* Absent for the peers of an outgoing call. */
static void json_listener_number(struct json *json, const struct listener *listener)
{
    if (listener)
        json_put_unsigned(json, "listener", listener->number);
}

static void json_listening(struct json *json, const struct console *console,
                           const struct hub_event *event)
{
    (void)console;
    json_put_unsigned(json, "listener", event->listener->number);
    json_words(json, "endpoint", event->listener->origin.text);
    json_words(json, "name", event->listener->origin.profile.name);
}

static void json_open(struct json *json, const struct console *console,
                      const struct hub_event *event)
{
    const struct peer *peer = event->peer;
    struct link_description description = {0};
    (void)console;
    peer->link->ops->describe(peer->link, &description);
    json_put_unsigned(json, "peer", peer->number);
    json_put_string(json, "transport", peer->link->ops->transport);
    json_words(json, "remote", description.remote);
    json_words(json, "local", description.local);
    json_listener_number(json, peer->origin->listener);
    if (description.has_credentials) {
        json_put_unsigned(json, "pid", (uint64_t)description.pid);
        json_put_unsigned(json, "uid", description.uid);
    }
}

static void json_content(struct json *json, const struct message *message, bool with_data)
{
    const void *data = message->size > 0 ? message->data : "";
    json_put_unsigned(json, "size", message->size);
    if (with_data) {
        if (memchr(data, 0, message->size) || !utf8_valid(data, message->size))
            json_put_base64(json, "base64", data, message->size);
        else
            json_put_text(json, "text", data, message->size);
    }
    if (message->partial)
        json_put_bool(json, "partial", true);
}

static void json_message(struct json *json, const struct console *console,
                         const struct hub_event *event)
{
    json_put_unsigned(json, "peer", event->peer->number);
    json_content(json, &event->message, console->session.view != VIEW_SIZE);
}

static void json_sent(struct json *json, const struct console *console,
                      const struct hub_event *event)
{
    json_message(json, console, event);
    json_put_string(json, "by", event->message.automatic ? "auto" : "operator");
    if (!event->message.automatic)
        json_put_unsigned(json, "console", event->message.console);
}

static void json_half_close(struct json *json, const struct console *console,
                            const struct hub_event *event)
{
    (void)console;
    json_put_unsigned(json, "peer", event->peer->number);
}

static void json_close(struct json *json, const struct console *console,
                       const struct hub_event *event)
{
    (void)console;
    json_put_unsigned(json, "peer", event->peer->number);
    json_put_string(json, "reason", close_reason_name(event->close.reason));
    json_put_unsigned(json, "received", event->close.received);
    json_put_unsigned(json, "sent", event->close.sent);
    json_put_unsigned(json, "unsent", event->close.unsent);
    json_put_seconds(json, "seconds", event->close.duration);
    if (event->close.error)
        json_words(json, "error", event->close.error);
}

static void json_refused(struct json *json, const struct console *console,
                         const struct hub_event *event)
{
    (void)console;
    json_words(json, "remote", event->refused.remote);
    json_listener_number(json, event->listener);
    json_put_string(json, "why", refusal_name(event->refused.why));
    json_put_unsigned(json, "count", event->refused.count);
}

static void json_name(struct json *json, const struct console *console,
                      const struct hub_event *event)
{
    (void)console;
    json_put_unsigned(json, "peer", event->peer->number);
    json_words(json, "name", event->peer->name);
}

static void json_file(struct json *json, const struct console *console,
                      const struct hub_event *event)
{
    (void)console;
    json_put_unsigned(json, "peer", event->peer->number);
    json_words(json, "path", event->file.path);
    json_put_unsigned(json, "size", event->file.size);
    json_put_unsigned(json, "bytes", event->file.bytes);
    if (event->file.error)
        json_words(json, "error", event->file.error);
}

typedef void json_event_fields(struct json *json, const struct console *console,
                               const struct hub_event *event);

static json_event_fields *const json_event_table[HUB_EVENT_TYPES] = {
    [HUB_LISTENING] = json_listening, [HUB_UNLISTENING] = json_listening,
    [HUB_OPEN] = json_open,           [HUB_MESSAGE] = json_message,
    [HUB_SENT] = json_sent,           [HUB_HALF_CLOSE] = json_half_close,
    [HUB_CLOSE] = json_close,         [HUB_REFUSED] = json_refused,
    [HUB_NAME] = json_name,           [HUB_FILE] = json_file,
};

static void render_json_event(struct console *console, const struct hub_event *event)
{
    struct json json;
    json_begin(&json, console, event->time, hub_event_name(event->type));
    json_event_table[event->type](&json, console, event);
    json_end(&json);
}

static void json_peer(struct json *json, const char *key, const struct peer *peer, int64_t now)
{
    struct link_description description = {0};
    peer->link->ops->describe(peer->link, &description);
    json_put_object_begin(json, key);
    json_put_unsigned(json, "peer", peer->number);
    json_put_string(json, "transport", peer->link->ops->transport);
    json_words(json, "remote", description.remote);
    json_words(json, "local", description.local);
    json_listener_number(json, peer->origin->listener);
    json_words(json, "name", peer->name);
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
    json_words(json, "endpoint", listener->origin.text);
    json_words(json, "name", profile->name);
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
    json_words(&json, "error", text);
    if (command)
        json_put_string(&json, "command", command);
    if (console->line > 0)
        json_put_unsigned(&json, "input", console->line);
    json_end(&json);
}

static void render_json_target(struct console *console)
{
    struct json json;
    json_begin(&json, console, console_wall(console), "target");
    if (console->session.target != 0)
        json_put_unsigned(&json, "peer", console->session.target);
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
