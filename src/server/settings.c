/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/settings.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cast.h"
#include "base/cidr.h"
#include "base/command_line.h"
#include "base/fail.h"
#include "base/mem.h"
#include "base/options_file.h"
#include "core/agents.h"
#include "core/listener.h"
#include "core/option_set.h"
#include "server/endpoints.h"
#include "server/metrics_bind.h"

enum { LEAST_QUEUE = 64 << 10, LEAST_MEMORY = 1 << 20 };

static bool set_max_queue(const struct option_spec *spec, void *values, const char *text,
                          char **error)
{
    struct settings *settings = CAST(settings, values);
    if (!option_set_size(spec, values, text, error))
        return false;
    if (settings->live.hub.max_queue >= LEAST_QUEUE)
        return true;
    return fail_with(error, "'%s' is less than 64k", text);
}

static bool set_max_memory(const struct option_spec *spec, void *values, const char *text,
                           char **error)
{
    struct settings *settings = CAST(settings, values);
    if (!option_set_size(spec, values, text, error))
        return false;
    if (settings->live.hub.max_memory == 0 || settings->live.hub.max_memory >= LEAST_MEMORY)
        return true;
    return fail_with(error, "'%s' is less than 1M", text);
}

static bool set_metrics(const struct option_spec *spec, void *values, const char *text,
                        char **error)
{
    return metrics_bind_check(text, error) && option_set_string(spec, values, text, error);
}

static bool add_rule(void *values, const char *text, bool allow, char **error)
{
    struct settings *settings = CAST(settings, values);
    struct cidr cidr;
    if (!cidr_parse(text, &cidr, error))
        return false;
    access_add(&settings->live.access, &cidr, allow);
    return true;
}

static bool add_allow(const struct option_spec *spec, void *values, const char *text,
                      char **error)
{
    (void)spec;
    return add_rule(values, text, true, error);
}

static bool add_deny(const struct option_spec *spec, void *values, const char *text,
                     char **error)
{
    (void)spec;
    return add_rule(values, text, false, error);
}

static bool add_control(const struct option_spec *spec, void *values, const char *text,
                        char **error)
{
    struct settings *settings = CAST(settings, values);
    struct control_spec control;
    (void)spec;
    if (!control_spec_parse(text, &control, error))
        return false;
    size_t count = settings->control_count + 1;
    settings->controls = mem_resize(settings->controls, count * sizeof *settings->controls);
    settings->controls[settings->control_count++] = control;
    return true;
}

#define FIELD(name) .offset = offsetof(struct settings, name)
#define OWN_SETTER .offset = 0 /* knows its field itself */

static const struct option_spec table[] = {
    {"config", 'c', "FILE", "read options from FILE too; the command line wins",
     option_set_path, FIELD(config), .command_line_only = true},
    {"reply", 'r', "MODE", "automatic reply of listeners that set none", option_set_reply,
     FIELD(reply), .words = agents_words},
    {"eol", 'e', "EOL", "what is added to text that is sent", option_set_eol, FIELD(eol),
     .words = eol_words},
    {"view", 'v', "VIEW", "how messages are shown", option_set_view, FIELD(view),
     .words = view_words},
    {"json", 'j', NULL, "the console speaks JSON Lines instead of text", option_set_flag,
     FIELD(json)},
    {"control", 0, "[PATH]",
     "a Unix socket on which further consoles attach; may be repeated; PATH may have "
     "?access=read&mode=0660 behind it (default $XDG_RUNTIME_DIR/telex.sock, for root "
     "/run/telex/telex.sock)",
     add_control, OWN_SETTER, .repeatable = true},
    {"metrics", 0, "ENDPOINT",
     "figures for Prometheus at GET /metrics, on unix:PATH or a loopback address", set_metrics,
     FIELD(metrics)},
    {"no-console", 0, NULL, "neither read stdin nor write events to stdout", option_set_flag,
     FIELD(no_console)},
    {"exit-on-eof", 0, NULL, "end when stdin ends", option_set_flag, FIELD(exit_on_eof)},
    {"max-peers", 0, "N",
     "hold at most N stream peers, refuse more (default: what the descriptors allow)",
     option_set_count, FIELD(live.limits.streams)},
    {"max-udp-peers", 0, "N",
     "hold at most N UDP peers; the longest unused makes room (default 65536; 0: no limit)",
     option_set_count, FIELD(live.limits.datagrams)},
    {"max-peers-per-host", 0, "N",
     "hold at most N stream peers of one address, or one IPv6 /64 (default: no limit)",
     option_set_count, FIELD(live.limits.per_host)},
    {"max-consoles", 0, "N",
     "let at most N consoles attach, refuse more (default 64; 0: no limit)", option_set_count,
     FIELD(live.limits.consoles)},
    {"idle-timeout", 0, "SECONDS",
     "close a stream peer after so long without a byte either way (default: never)",
     option_set_seconds, FIELD(live.lines.idle_timeout)},
    {"udp-idle-timeout", 0, "SECONDS", "forget a UDP peer likewise (default 300; 0: never)",
     option_set_seconds, FIELD(live.lines.udp_idle_timeout)},
    {"half-close", 0, "SECONDS",
     "how long a peer that has ended its sending side can still be sent to (default 5 where "
     "nothing replies, else until its queue is empty)",
     option_set_seconds, FIELD(live.half_close)},
    {"keepalive", 0, "SECONDS", "find dead TCP peers after about so long (default 60; 0: off)",
     option_set_seconds, FIELD(live.lines.keepalive)},
    {"max-queue", 0, "BYTES",
     "most bytes waiting for one stream peer (default 1M, at least 64k)", set_max_queue,
     FIELD(live.hub.max_queue)},
    {"max-memory", 0, "BYTES",
     "most memory for what waits, of all peers and consoles (default: no limit)",
     set_max_memory, FIELD(live.hub.max_memory)},
    {"allow", 0, "CIDR",
     "who may connect or send datagrams; may be repeated; the longest "
     "matching prefix wins, deny on a tie",
     add_allow, OWN_SETTER, .repeatable = true},
    {"deny", 0, "CIDR", "who may not; may be repeated", add_deny, OWN_SETTER,
     .repeatable = true},
    {"udp-reply-rate", 0, "N",
     "automatic replies a second to one UDP source address outside loopback "
     "(default 200; 0: no limit)",
     option_set_count, FIELD(live.lines.udp_reply_rate)},
    {"connect-timeout", 0, "SECONDS", "how long /connect tries (default 10; 0: no limit)",
     option_set_seconds, FIELD(live.lines.dial.timeout)},
    {"drain", 0, "SECONDS",
     "how long a graceful close or shutdown waits (default 5; 0: at once)", option_set_seconds,
     FIELD(live.hub.drain)},
    {"help", 'h', NULL, "show this help", option_set_flag, FIELD(help),
     .command_line_only = true},
    {"version", 'V', NULL, "show the version", option_set_flag, FIELD(version),
     .command_line_only = true},
};

/* What who comes from nc and ncat types. */
static const struct option_hint hints[] = {
    {'l', "telexd listens by itself, as in telexd 9999"},
    {'p', "the port is an endpoint, as in telexd 9999"},
    {'u', "udp is a scheme, as in telexd udp://9999"},
    {'k', "telexd always holds many peers, and serves on when one leaves"},
    {'U', "a path is an endpoint, as in telexd /tmp/telex.sock"},
    {'n', "telexd asks no names of those who call"},
    {'s', "the address to listen on stands in the endpoint, as in telexd 127.0.0.1:9999"},
    {'4', "the host says which family, as in telexd 0.0.0.0:9999"},
    {'6', "the host says which family, as in telexd [::]:9999"},
    {'w', "use --idle-timeout SECONDS"},
    {'m', "use --max-peers N"},
    {'C', "use --eol crlf"},
    {0},
};

static const char help_before[] =
    "Usage: telexd [OPTION]... [ENDPOINT]...\n"
    "An operator's switchboard for raw TCP and UDP: holds every line, shows who says\n"
    "what, and lets you answer any of them.\n\n"
    "ENDPOINT is [tcp://|udp://]HOST:PORT, PORT, [unix:]PATH or unix:@NAME, with\n"
    "?key=value&... after it: reply, eol, framing, name, half-close, mode, interface.\n"
    "HOST * is every address. Without endpoints: tcp://*:9999 and udp://*:21567.\n\n";
static const char help_after[] =
    "\nType /help at the console for its commands. The manual is telexd(8).\n";

/* --- the file --- */

/* The words "listen ENDPOINT" of a file, and the names that its endpoints give. */
struct listen_lines {
    struct settings *settings;
    CAST_MARK;
    char **names; /* by line; NULL: none */
};

static const char *name_taken(const struct listen_lines *lines, const char *name)
{
    for (int i = 0; name && i < lines->settings->listen_count; i++)
        if (lines->names[i] && strcmp(lines->names[i], name) == 0)
            return name;
    return NULL;
}

static void add_listen(struct listen_lines *lines, const char *text, const char *name)
{
    struct settings *settings = lines->settings;
    size_t count = (size_t)settings->listen_count++;
    settings->listen = mem_resize(settings->listen, (count + 1) * sizeof *settings->listen);
    settings->listen[count] = mem_strdup(text);
    lines->names = mem_resize(lines->names, (count + 1) * sizeof *lines->names);
    lines->names[count] = name ? mem_strdup(name) : NULL;
}

/* An options_file_other. An endpoint is understood here, so that a fault has its line. */
static bool take_listen(void *context, const char *word, const char *rest, char **error)
{
    struct listen_lines *lines = CAST(listen_lines, context);
    if (strcmp(word, "listen") != 0)
        return false;
    if (*rest == '\0') {
        *error = mem_strdup("listen needs an endpoint, as in listen tcp://*:9999");
        return false;
    }
    struct listener *listener = endpoints_listener(lines->settings, rest, error);
    if (!listener)
        return false;
    const char *taken = name_taken(lines, listener->origin.profile.name);
    if (taken)
        *error = mem_printf("the name %s is taken by another listener", taken);
    else
        add_listen(lines, rest, listener->origin.profile.name);
    listener_release(listener);
    return !taken;
}

/* Returns 0, or the exit status with *error. */
static int read_file(struct settings *settings, struct options *options, char **error)
{
    struct listen_lines lines = {.settings = settings};
    CAST_INIT(listen_lines, &lines);
    enum options_file_result result =
        options_file_read(options, settings->config, take_listen, &lines, error);
    for (int i = 0; i < settings->listen_count; i++)
        free(lines.names[i]);
    free(lines.names);
    if (settings->endpoint_count == 0) {
        settings->endpoints = settings->listen;
        settings->endpoint_count = settings->listen_count;
    }
    if (result == OPTIONS_FILE_GOOD)
        return 0;
    return result == OPTIONS_FILE_UNREADABLE ? EXIT_FAILURE : EXIT_USAGE;
}

/* --- both --- */

static void init(struct settings *settings)
{
    *settings = (struct settings){
        .live = {.hub = {.max_queue = (1 << 20) + 2, /* the longest line and its eol fit */
                         .drain = 5000000},
                 .limits = {.datagrams = 65536, .consoles = 64},
                 .lines = {.dial.timeout = 10000000,
                           .udp_idle_timeout = 300000000,
                           .keepalive = 60000000,
                           .udp_reply_rate = 200},
                 .half_close = -1},
    };
    CAST_INIT(settings, settings);
}

static int take(struct command_line *line, char **operands, int count, char **error)
{
    struct settings *settings = CAST(settings, line->options.values);
    settings->endpoints = operands;
    settings->endpoint_count = count;
    if (!settings->config)
        return 0;
    init(line->options.scratch);
    int status = read_file(settings, &line->options, error);
    settings_finish(line->options.scratch);
    return status;
}

static struct command_line prepare(struct settings *settings, struct settings *scratch)
{
    init(settings);
    return (struct command_line){.program = "telexd",
                                 .before = help_before,
                                 .after = help_after,
                                 .options = {.table = table,
                                             .count = sizeof table / sizeof *table,
                                             .hints = hints,
                                             .values = settings,
                                             .scratch = scratch},
                                 .help = &settings->help,
                                 .version = &settings->version,
                                 .take = take};
}

bool settings_read(struct settings *settings, int argc, char **argv, int *status)
{
    struct settings scratch;
    struct command_line line = prepare(settings, &scratch);
    settings->argc = argc;
    settings->argv = argv;
    return command_line_read(&line, argc, argv, status);
}

/* What a pipe has told it does not tell again, and waiting for it would stop the daemon. */
static bool is_readable_again(const char *name, char **error)
{
    struct stat status;
    if (stat(name, &status) < 0 || S_ISREG(status.st_mode))
        return true; /* opening it says why not */
    return fail_with(error, "cannot read %s again: it is not a regular file", name);
}

bool settings_reread(struct settings *settings, char **error)
{
    struct settings fresh, scratch;
    if (!is_readable_again(settings->config, error))
        return false;
    struct command_line line = prepare(&fresh, &scratch);
    bool good = command_line_parse(&line, settings->argc, settings->argv, error) == 0;
    if (good) {
        struct settings_live old = settings->live;
        settings->live = fresh.live;
        fresh.live = old;
    }
    settings_finish(&fresh);
    return good;
}

const struct option_spec *settings_options(size_t *count)
{
    *count = sizeof table / sizeof *table;
    return table;
}

void settings_finish(struct settings *settings)
{
    for (int i = 0; i < settings->listen_count; i++)
        free(settings->listen[i]);
    free(settings->listen);
    for (size_t i = 0; i < settings->control_count; i++)
        control_spec_finish(&settings->controls[i]);
    free(settings->controls);
    free(settings->config);
    free(settings->metrics);
    access_finish(&settings->live.access);
}
