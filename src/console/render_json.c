/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>

#include "base/json_put.h"
#include "command/command.h"
#include "command/operator_target.h"
#include "command/operators.h"
#include "command/repeats.h"
#include "console/console.h"
#include "console/renderer.h"
#include "core/card_write.h"
#include "core/modem.h"
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

/* Whose answer it is: that of a line, or of one that is typed again and again. */
static void json_input(struct json *json, const struct console *console)
{
    if (console->line > 0)
        json_put_unsigned(json, "input", console->line);
}

static void json_every(struct json *json, const struct console *console)
{
    if (console->session.every)
        json_put_unsigned(json, "every", console->session.every);
}

static void json_end(struct json *json)
{
    json_put_object_end(json);
    utstring_bincpy(json->out, "\n", 1);
}

static void render_json_event(struct console *console, const struct told *told)
{
    struct told sized;
    struct json json;
    if (told_is_message(told) && operator_view(&console->session, told) == VIEW_SIZE) {
        sized = *told;
        sized.message.data = NULL;
        told = &sized;
    }
    json_begin(&json, console, told->time, hub_event_name(told->type));
    told_write(&json, told);
    json_end(&json);
}

static void json_result_done(struct json *json, const struct result *result)
{
    (void)json, (void)result;
}

static void json_result_peers(struct json *json, const struct result *result)
{
    struct card card;
    json_put_array_begin(json, "peers");
    for (size_t i = 0; i < result->peers->count; i++) {
        result->peers->get(result->peers, i, &card);
        card_write(json, NULL, &card);
    }
    json_put_array_end(json);
}

static void json_result_peer(struct json *json, const struct result *result)
{
    card_write(json, "peer", &result->peer.card);
}

static void json_result_called(struct json *json, const struct result *result)
{
    json_put_unsigned(json, "peer", result->number);
}

static void json_result_listeners(struct json *json, const struct result *result)
{
    json_put_array_begin(json, "listeners");
    for (size_t i = 0; i < result->listeners.count; i++)
        card_write_origin(json, &result->listeners.items[i]);
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

static void json_result_repeats(struct json *json, const struct result *result)
{
    json_put_array_begin(json, "every");
    for (size_t i = 0; i < result->repeats.count; i++) {
        const struct repeat_card *card = &result->repeats.items[i];
        json_put_object_begin(json, NULL);
        json_put_unsigned(json, "every", card->number);
        json_put_seconds(json, "seconds", card->period);
        json_put_text(json, "line", card->line, card->size);
        json_put_object_end(json);
    }
    json_put_array_end(json);
}

static void json_result_consoles(struct json *json, const struct result *result)
{
    json_put_array_begin(json, "consoles");
    for (size_t i = 0; i < result->consoles.count; i++) {
        const struct console_card *card = &result->consoles.items[i];
        json_put_object_begin(json, NULL);
        json_put_unsigned(json, "console", card->console);
        json_put_unsigned(json, "uid", card->uid);
        json_put_string(json, "access", card->read_only ? "read" : "write");
        if (card->target != 0)
            json_put_unsigned(json, "target", card->target);
        else
            json_put_null(json, "target");
        json_put_object_end(json);
    }
    json_put_array_end(json);
}

static void json_result_line(struct json *json, const struct result *result)
{
    json_put_object_begin(json, "line");
    json_put_unsigned(json, "peer", result->line.peer);
    for (unsigned i = 0; i < MODEM_LINES; i++)
        json_put_bool(json, modem_names[i].name, result->line.on & modem_names[i].line);
    json_put_object_end(json);
}

typedef void json_result_fields(struct json *json, const struct result *result);

static json_result_fields *const json_result_table[RESULT_TYPES] = {
    [RESULT_DONE] = json_result_done,           [RESULT_PEERS] = json_result_peers,
    [RESULT_PEER] = json_result_peer,           [RESULT_CALLED] = json_result_called,
    [RESULT_LISTENERS] = json_result_listeners, [RESULT_STATS] = json_result_stats,
    [RESULT_HELP] = json_result_help,           [RESULT_REPEATS] = json_result_repeats,
    [RESULT_CONSOLES] = json_result_consoles,   [RESULT_LINE] = json_result_line,
    [RESULT_FAULTS] = json_result_peers,
};

static void render_json_result(struct console *console, const struct result *result)
{
    struct json json;
    json_begin(&json, console, console_wall(console), "result");
    json_input(&json, console);
    json_put_string(&json, "command", result->command);
    if (result->note)
        json_put_string(&json, "note", result->note);
    json_result_table[result->type](&json, result);
    json_every(&json, console);
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
    json_input(&json, console);
    json_every(&json, console);
    if (console->session.every && console->session.failures > 1)
        json_put_unsigned(&json, "count", console->session.failures);
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
    if (operator_target_is_away(&console->session))
        json_put_string(&json, "away", console->session.target_name);
    json_end(&json);
}

static void render_json_lost(struct console *console, uint64_t messages, uint64_t events,
                             bool gone)
{
    (void)gone;
    struct json json;
    json_begin(&json, console, console_wall(console), "lost");
    json_put_unsigned(&json, "messages", messages);
    json_put_unsigned(&json, "events", events);
    json_end(&json);
}

static void render_json_hello(struct console *console, const struct hello *hello)
{
    char run[17];
    struct json json;
    json_begin(&json, console, console_wall(console), "hello");
    json_put_unsigned(&json, "protocol", JSON_PROTOCOL);
    json_put_string(&json, "version", hello->version);
    json_put_string(&json, "access", console->session.read_only ? "read" : "write");
    json_put_unsigned(&json, "console", console->session.console);
    snprintf(run, sizeof run, "%016" PRIx64, hello->run);
    json_put_string(&json, "run", run);
    json_put_unsigned(&json, "seq", hello->seq);
    json_put_unsigned(&json, "history", hello->history);
    json_end(&json);
}

const struct renderer render_json = {
    .event = render_json_event,
    .result = render_json_result,
    .error = render_json_error,
    .target = render_json_target,
    .lost = render_json_lost,
    .hello = render_json_hello,
    .tells_all_peers = true,
};
