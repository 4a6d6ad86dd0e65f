/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/command_line.h"
#include "base/endpoint_path.h"
#include "base/escape.h"
#include "base/mem.h"
#include "server/settings_parts.h"

static void init(struct settings *settings)
{
    *settings = (struct settings){
        .live = {.hub = {.history = 16 << 20,
                         .max_queue = (1 << 20) + 2, /* the longest line and its eol fit */
                         .drain = 5000000},
                 .limits = {.datagrams = 65536, .consoles = 64},
                 .lines = {.dial.timeout = 10000000,
                           .udp_idle_timeout = 300000000,
                           .keepalive = 60000000,
                           .max_children = 256,
                           .udp_reply_rate = 200},
                 .half_close = -1},
    };
    CAST_INIT(settings, settings);
}

/*
 * HOST PORT is one endpoint to who comes from nc, and would be two to us: listening on more
 * than was meant, on every address. False with *error, which says how to write either.
 */
static bool is_endpoint_alone(const char *text, const char *next, char **error)
{
    const bool host = strpbrk(text, ":/?") == NULL && strspn(text, "0123456789") < strlen(text);
    if (!host || strspn(next, "0123456789") < strlen(next) || endpoint_path_is(text))
        return true;
    char *shown = escape_string(text);
    *error = mem_printf("'%s %s' are two endpoints: write %s:%s for one, tcp://%s %s for two",
                        shown, next, shown, next, shown, next);
    free(shown);
    return false;
}

static int take(struct command_line *line, char **operands, int count, char **error)
{
    struct settings *settings = CAST(settings, line->options.values);
    settings->endpoints = operands;
    settings->endpoint_count = count;
    for (int i = 1; i < count; i++)
        if (!is_endpoint_alone(operands[i - 1], operands[i], error))
            return EXIT_USAGE;
    if (!settings->config)
        return 0;
    init(line->options.scratch);
    int status = settings_read_file(settings, &line->options, error);
    settings_finish(line->options.scratch);
    return status;
}

struct command_line settings_command_line(struct settings *settings, struct settings *scratch)
{
    size_t count;
    const struct option_spec *table = settings_options(&count);
    init(settings);
    return (struct command_line){.program = "telexd",
                                 .before = settings_help_before,
                                 .after = settings_help_after,
                                 .options = {.table = table,
                                             .count = count,
                                             .hints = settings_hints,
                                             .values = settings,
                                             .scratch = scratch},
                                 .help = &settings->help,
                                 .version = &settings->version,
                                 .take = take};
}

bool settings_read(struct settings *settings, int argc, char **argv, int *status)
{
    struct settings scratch;
    struct command_line line = settings_command_line(settings, &scratch);
    settings->argc = argc;
    settings->argv = argv;
    return command_line_read(&line, argc, argv, status);
}

void settings_finish(struct settings *settings)
{
    for (int i = 0; i < settings->listen_count; i++)
        free(settings->listen[i]);
    free(settings->listen);
    for (size_t i = 0; i < settings->control_count; i++)
        control_spec_finish(&settings->controls[i]);
    free(settings->controls);
    for (size_t i = 0; i < settings->call_count; i++) {
        free(settings->calls[i].endpoint);
        free(settings->calls[i].name);
    }
    free(settings->calls);
    free(settings->config);
    free(settings->metrics);
    tls_settings_finish(&settings->live.lines.tls_listeners);
    access_finish(&settings->live.access);
    phonebook_finish(&settings->live.known);
}
