/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "telex-bench/settings.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/command_line.h"
#include "base/fail.h"
#include "base/mem.h"
#include "base/number.h"
#include "telex-bench/mode.h"
#include "telex-bench/pattern.h"
#include "telex-bench/target.h"

enum {
    MOST_CLIENTS = 1000000,
    MOST_UNDER_WAY = 1 << 24, /* so that what remembers them fits into memory */
    MOST_RATE = 100000000,    /* a second */
    MOST_SOURCES = 65536
};

static bool set_mode(const struct option_spec *spec, void *values, const char *text,
                     char **error)
{
    if (mode_exists(text))
        return option_set_string(spec, values, text, error);
    return fail_with(error, "'%s' is not echo, stream, churn or idle", text);
}

static bool set_pid(const struct option_spec *spec, void *values, const char *text,
                    char **error)
{
    struct settings *settings = CAST(settings, values);
    (void)spec;
    if (number_parse(text, INT32_MAX, &settings->pid) && settings->pid > 0)
        return true;
    return fail_with(error, "'%s' is not the number of a process", text);
}

/* An endpoint to call; one without a host is on this machine. */
static bool parse_endpoint(const char *text, struct endpoint *endpoint, char **error)
{
    if (!endpoint_parse(text, endpoint, error))
        return false;
    if (endpoint_is_wildcard(endpoint)) {
        free(endpoint->host);
        endpoint->host = mem_strdup("127.0.0.1");
    }
    if (!target_is_possible(endpoint->scheme))
        *error = mem_printf("%s is no scheme that telex-bench calls",
                            schemes[endpoint->scheme].prefix);
    else if (endpoint->key_count > 0)
        *error = mem_printf("keys like '%s' mean nothing here", endpoint->keys[0].key);
    else if (schemes[endpoint->scheme].form == SCHEME_HOST && endpoint->port == 0)
        *error = mem_strdup("port 0 can't be called");
    else
        return true;
    endpoint_finish(endpoint);
    return false;
}

static bool set_flood(const struct option_spec *spec, void *values, const char *text,
                      char **error)
{
    struct settings *settings = CAST(settings, values);
    (void)spec;
    endpoint_finish(&settings->flood);
    if (!parse_endpoint(text, &settings->flood, error))
        return fail_about(error, "endpoint", text);
    if (settings->flood.scheme == SCHEME_UDP)
        return true;
    endpoint_finish(&settings->flood);
    *error = mem_strdup("only udp can be flooded: write udp://HOST:PORT");
    return false;
}

static bool set_send(const struct option_spec *spec, void *values, const char *text,
                     char **error)
{
    struct settings *settings = CAST(settings, values);
    (void)spec;
    return exchange_spell(text, &settings->exchange.send, error);
}

static bool set_expect(const struct option_spec *spec, void *values, const char *text,
                       char **error)
{
    struct settings *settings = CAST(settings, values);
    (void)spec;
    return exchange_spell(text, &settings->exchange.expect, error);
}

#define FIELD(name) .offset = offsetof(struct settings, name)
#define OWN_SETTER .offset = 0 /* knows its field itself */

static const struct option_spec table[] = {
    {"mode", 'm', "MODE", "echo, stream, churn or idle (default echo)", set_mode,
     FIELD(mode_name)},
    {"clients", 'c', "N", "connections, or UDP sources (default 100)", option_set_count,
     FIELD(clients)},
    {"size", 's', "BYTES", "of a message (default 64; 16k for stream)", option_set_size,
     FIELD(size)},
    {"depth", 'd', "N", "messages under way for each client (default 1)", option_set_count,
     FIELD(depth)},
    {"send", 0, "TEXT", "the message, with C escapes, as in 'PING\\r\\n'; with --expect",
     set_send, OWN_SETTER},
    {"expect", 0, "TEXT", "the whole answer to each, as in '+PONG\\r\\n'", set_expect,
     OWN_SETTER},
    {"rate", 'r', "N", "operations a second over all clients (default 0: as fast as answered)",
     option_set_count, FIELD(rate)},
    {"time", 't', "SECONDS", "how long is measured (default 5)", option_set_seconds,
     FIELD(time)},
    {"warm-up", 'w', "SECONDS", "how long before that is not (default 0.5)", option_set_seconds,
     FIELD(warm_up)},
    {"wait", 0, "SECONDS", "after how long a datagram counts as lost (default 1)",
     option_set_seconds, FIELD(wait)},
    {"flood", 0, "ENDPOINT", "at the same time, send datagrams to this UDP endpoint", set_flood,
     OWN_SETTER},
    {"flood-rate", 0, "N", "so many a second (default 50000)", option_set_count,
     FIELD(flood_rate)},
    {"flood-sources", 0, "N", "from so many sockets (default 16)", option_set_count,
     FIELD(flood_sources)},
    {"pid", 0, "PID", "the server's: tell its CPU time and memory too", set_pid, OWN_SETTER},
    {"json", 'j', NULL, "print one JSON object instead of the table", option_set_flag,
     FIELD(json)},
    {"quiet", 'q', NULL, "no progress line", option_set_flag, FIELD(quiet)},
    {"help", 'h', NULL, "show this help", option_set_flag, FIELD(help)},
    {"version", 'V', NULL, "show the version", option_set_flag, FIELD(version)},
};

static const char help_before[] =
    "Usage: telex-bench [OPTION]... ENDPOINT\n"
    "A load generator for any TCP, UDP, TLS, WebSocket or Unix-socket server that\n"
    "sends back what it gets, or that answers --send with --expect. Every byte that\n"
    "comes is compared.\n\n"
    "ENDPOINT is [tcp://|tls://|udp://]HOST:PORT, ws://HOST:PORT/PATH, wss://...,\n"
    "PORT or unix:PATH. A PORT alone is one of this machine.\n\n";

static bool read_endpoint(struct settings *settings, char *const operands[], int count,
                          char **error)
{
    if (count != 1) {
        *error = mem_strdup("say what to call: telex-bench ENDPOINT (see --help)");
        return false;
    }
    return parse_endpoint(operands[0], &settings->endpoint, error) ||
           fail_about(error, "endpoint", operands[0]);
}

static bool find_mode(struct settings *settings, char **error)
{
    const char *name = settings->mode_name ? settings->mode_name : "echo";
    bool datagrams = schemes[settings->endpoint.scheme].datagram;
    settings->mode = mode_find(name, datagrams);
    if (!settings->mode)
        *error = mem_printf("--mode: %s is not for %s", name, datagrams ? "udp" : "streams");
    return settings->mode;
}

/* A number that an option gave must lie between two others; what: of what, or "". */
static bool in_range(const char *option, const char *what, uint64_t value, uint64_t least,
                     uint64_t most, char **error)
{
    if (value >= least && value <= most)
        return true;
    *error = mem_printf("--%s: %" PRIu64 " is not from %" PRIu64 " to %" PRIu64 "%s", option,
                        value, least, most, what);
    return false;
}

static bool is_some_time(const char *option, int64_t time, char **error)
{
    if (time > 0)
        return true;
    *error = mem_printf("--%s: 0 is too short a time", option);
    return false;
}

/* What is sent and what comes back: a text for each, or neither. */
static bool check_exchange(struct settings *settings, char **error)
{
    const struct exchange *exchange = &settings->exchange;
    if (!exchange->send.data && !exchange->expect.data)
        return true;
    if (!exchange->send.data || !exchange->expect.data)
        *error =
            mem_strdup("--send and --expect belong together: what is sent, and the answer");
    else if (strcmp(settings->mode->name, "echo") != 0)
        *error = mem_printf("--send: mode %s sends bytes of its own", settings->mode->name);
    else if (settings->size != UINT64_MAX)
        *error = mem_strdup("--size: it is the one of --send");
    if (*error)
        return false;
    settings->size = exchange->send.size;
    settings->answer = exchange->expect.size;
    return true;
}

/* The bytes of one message each way. */
static bool check_sizes(struct settings *settings, char **error)
{
    const struct mode *mode = settings->mode;
    const bool spelled = settings->exchange.send.data;
    const char *bytes =
        mode->datagrams ? ", the bytes of a datagram" : ", the bytes of a message";
    const uint64_t most = spelled && !mode->datagrams ? PATTERN_PIECE : mode->size_most;
    if (settings->size == UINT64_MAX)
        settings->size = mode->size;
    if (!spelled)
        settings->answer = settings->size;
    return in_range(spelled ? "send" : "size", bytes, settings->size,
                    spelled ? 1 : mode->size_least, most, error) &&
           in_range("expect", bytes, settings->answer, 1, most, error);
}

static bool check_load(struct settings *settings, char **error)
{
    const struct mode *mode = settings->mode;
    char *in_mode = mem_printf(", the messages under way in mode %s", mode->name);
    bool good = in_range("clients", "", settings->clients, 1, MOST_CLIENTS, error) &&
                check_sizes(settings, error) &&
                in_range("depth", in_mode, settings->depth, 1, mode->depth_most, error) &&
                in_range("rate", "", settings->rate, 0, MOST_RATE, error);
    free(in_mode);
    if (!good || settings->clients * settings->depth <= MOST_UNDER_WAY)
        return good;
    *error = mem_printf("--depth: %" PRIu64 " for each of %" PRIu64
                        " clients are more than %d messages under way",
                        settings->depth, settings->clients, MOST_UNDER_WAY);
    return false;
}

static bool check_all(struct settings *settings, char **error)
{
    return check_exchange(settings, error) && check_load(settings, error) &&
           is_some_time("time", settings->time, error) &&
           is_some_time("wait", settings->wait, error) &&
           in_range("flood-rate", "", settings->flood_rate, 1, MOST_RATE, error) &&
           in_range("flood-sources", "", settings->flood_sources, 1, MOST_SOURCES, error);
}

static int take(struct command_line *line, char **operands, int count, char **error)
{
    struct settings *settings = CAST(settings, line->options.values);
    bool good = read_endpoint(settings, operands, count, error) && find_mode(settings, error) &&
                check_all(settings, error);
    return good ? 0 : EXIT_USAGE;
}

bool settings_read(struct settings *settings, int argc, char **argv, int *status)
{
    struct command_line line = {
        .program = "telex-bench",
        .before = help_before,
        .after = "\nThe manual is telex-bench(1).\n",
        .options = {.table = table, .count = sizeof table / sizeof *table, .values = settings},
        .help = &settings->help,
        .version = &settings->version,
        .take = take};
    *settings = (struct settings){
        .clients = 100,
        .size = UINT64_MAX, /* the mode's */
        .depth = 1,
        .time = 5000000,
        .warm_up = 500000,
        .wait = 1000000,
        .flood_rate = 50000,
        .flood_sources = 16,
    };
    CAST_INIT(settings, settings);
    return command_line_read(&line, argc, argv, status);
}

const struct option_spec *settings_options(size_t *count)
{
    *count = sizeof table / sizeof *table;
    return table;
}

void settings_finish(struct settings *settings)
{
    endpoint_finish(&settings->endpoint);
    endpoint_finish(&settings->flood);
    free(settings->mode_name);
    exchange_finish(&settings->exchange);
}
