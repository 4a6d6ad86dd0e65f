/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fleet/fleet_settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/command_line.h"
#include "base/fail.h"
#include "base/mem.h"
#include "base/options.h"
#include "console/control_place.h"
#include "console/control_spec.h"
#include "core/names.h"

enum { DAY = 86400 /* seconds */ };

static bool set_node(const struct option_spec *spec, void *values, const char *text,
                     char **error)
{
    return names_check(text, error) && option_set_string(spec, values, text, error);
}

static bool set_url(const struct option_spec *spec, void *values, const char *text,
                    char **error)
{
    return nats_settings_check_url(text, error) && option_set_string(spec, values, text, error);
}

#define FIELD(name) .offset = offsetof(struct fleet_settings, name)

static const struct option_spec table[] = {
    {"node", 'n', "NAME", "what operators call this node", set_node, FIELD(node)},
    {"nats", 0, "URL", "the nats-server (default nats://127.0.0.1:4222)", set_url,
     FIELD(nats.url)},
    {"creds", 0, "FILE", "credentials of a user there, as nsc writes them", option_set_path,
     FIELD(nats.creds)},
    {"ca", 0, "FILE", "under TLS: who signs the server's certificate, in PEM", option_set_path,
     FIELD(nats.ca)},
    {"cert", 0, "FILE", "under TLS: our certificate, in PEM", option_set_path,
     FIELD(nats.cert)},
    {"key", 0, "FILE", "under TLS: its private key, where it is in another file",
     option_set_path, FIELD(nats.key)},
    {"max-age", 0, "SECONDS", "how long the stream keeps events (default 604800: a week)",
     option_set_seconds, FIELD(max_age)},
    {"max-bytes", 0, "BYTES", "how much the stream keeps (default 1G)", option_set_size,
     FIELD(max_bytes)},
    {"leaf", 0, NULL, "the nats-server is a leaf of the hub, beside this node", option_set_flag,
     FIELD(leaf)},
    {"help", 'h', NULL, "show this help", option_set_flag, FIELD(help)},
    {"version", 'V', NULL, "show the version", option_set_flag, FIELD(version)},
};

static const char help_before[] =
    "Usage: telex fleet --node NAME [OPTION]... [CONTROL]\n"
    "Makes a telexd a node of a fleet, between its control socket and a nats-server with\n"
    "JetStream: publishes what happens there, and runs what operators send to it.\n"
    "Without CONTROL: your own telexd, else the service, as telex attach finds it.\n\n";
static const char help_after[] = "\nOperators see a fleet with telex attach nats://HOST. The "
                                 "manual is telex-fleet(1).\n";

static bool read_control(struct fleet_settings *settings, const char *path, char **error)
{
    struct control_spec spec;
    char *reason = NULL;
    if (!control_spec_parse(path ? path : "", &spec, &reason)) {
        *error = mem_printf("CONTROL: %s", reason);
        free(reason);
        return false;
    }
    settings->control = spec.path;
    settings->tries_service = !path && strcmp(spec.path, CONTROL_PLACE_SERVICE) != 0;
    return true;
}

static int take(struct command_line *line, char **operands, int count, char **error)
{
    struct fleet_settings *settings = CAST(fleet_settings, line->options.values);
    if (!settings->node)
        *error = mem_strdup("say what this node is called: telex fleet --node NAME");
    else if (count > 1)
        *error = mem_strdup("there is one CONTROL: telex fleet --node NAME [CONTROL]");
    else if (nats_settings_check(&settings->nats, error) &&
             read_control(settings, count ? operands[0] : NULL, error))
        return 0;
    return EXIT_USAGE;
}

bool fleet_settings_read(struct fleet_settings *settings, int argc, char **argv, int *status)
{
    struct command_line line = {
        .program = "telex-fleet",
        .before = help_before,
        .after = help_after,
        .options = {.table = table, .count = sizeof table / sizeof *table, .values = settings},
        .help = &settings->help,
        .version = &settings->version,
        .take = take};
    *settings = (struct fleet_settings){
        .nats = {.url = mem_strdup("nats://127.0.0.1:4222")},
        .max_age = (int64_t)7 * DAY * 1000000,
        .max_bytes = 1 << 30,
    };
    CAST_INIT(fleet_settings, settings);
    return command_line_read(&line, argc, argv, status);
}

const struct option_spec *fleet_settings_options(size_t *count)
{
    *count = sizeof table / sizeof *table;
    return table;
}

void fleet_settings_finish(struct fleet_settings *settings)
{
    free(settings->node);
    free(settings->control);
    nats_settings_finish(&settings->nats);
}
