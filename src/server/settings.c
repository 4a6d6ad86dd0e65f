/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/settings.h"

#include <stdlib.h>

#include "base/cast.h"
#include "base/command_line.h"
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
    free(settings->config);
    free(settings->metrics);
    access_finish(&settings->live.access);
    phonebook_finish(&settings->live.known);
}
