/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/attach_settings.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/options.h"
#include "console/control_spec.h"

enum { EXIT_USAGE = 2 };

#define FIELD(name) .offset = offsetof(struct attach_settings, name)

static const struct option_spec table[] = {
    {"read-only", 0, NULL, "look on: this console changes nothing", option_set_flag,
     FIELD(read_only)},
    {"help", 'h', NULL, "show this help", option_set_flag, FIELD(help)},
    {"version", 'V', NULL, "show the version", option_set_flag, FIELD(version)},
};

static void print_help(const struct options *options)
{
    printf(
        "Usage: telex attach [--read-only] [PATH]\n"
        "A console of the telexd that listens on the control socket PATH (telexd --control;\n"
        "default $XDG_RUNTIME_DIR/telex.sock, for root /run/telex/telex.sock).\n\n");
    options_help(options, stdout);
    printf("\nType /help for commands; Ctrl-D or /quit leaves and telexd runs on, /shutdown\n"
           "ends it. The manual is telex(1).\n");
}

static bool read_path(struct attach_settings *settings, char *const operands[], int count,
                      char **error)
{
    struct control_spec spec;
    char *reason = NULL;
    if (count > 1) {
        *error = mem_strdup("attach takes one PATH: telex attach [--read-only] [PATH]");
        return false;
    }
    if (!control_spec_parse(count ? operands[0] : "", &spec, &reason)) {
        *error = mem_printf("attach: %s", reason);
        free(reason);
        return false;
    }
    settings->path = spec.path;
    settings->read_only |= spec.read_only;
    return true;
}

static bool read_all(struct attach_settings *settings, struct options *options, int argc,
                     char **argv, char **error)
{
    char **operands;
    int count;
    if (!options_parse(options, argc, argv, &operands, &count, error))
        return false;
    return settings->help || settings->version || read_path(settings, operands, count, error);
}

bool attach_settings_read(struct attach_settings *settings, int argc, char **argv, int *status)
{
    *settings = (struct attach_settings){0};
    struct options options = {
        .table = table, .count = sizeof table / sizeof *table, .values = settings};
    char *error = NULL;
    *status = EXIT_SUCCESS;
    if (!read_all(settings, &options, argc, argv, &error)) {
        log_error("%s", error);
        free(error);
        *status = EXIT_USAGE;
        return false;
    }
    if (settings->help)
        print_help(&options);
    else if (settings->version)
        printf("telex %s\n", TELEX_VERSION);
    return !settings->help && !settings->version;
}

const struct option_spec *attach_settings_options(size_t *count)
{
    *count = sizeof table / sizeof *table;
    return table;
}

void attach_settings_finish(struct attach_settings *settings)
{
    free(settings->path);
}
