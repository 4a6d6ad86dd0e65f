/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/settings.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/cast.h"
#include "base/command_line.h"
#include "base/fail.h"
#include "server/settings_parts.h"

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
    int status = settings_read_file(settings, &line->options, error);
    settings_finish(line->options.scratch);
    return status;
}

static struct command_line prepare(struct settings *settings, struct settings *scratch)
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
