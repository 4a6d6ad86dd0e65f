/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/attach_settings.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/command_line.h"
#include "base/mem.h"
#include "command/selection.h"
#include "console/control_place.h"
#include "console/control_spec.h"
#include "core/option_set.h"

static bool set_only(const struct option_spec *spec, void *values, const char *text,
                     char **error)
{
    struct selection peers = {.nodes = true};
    const bool good = selection_add(&peers, text, error);
    selection_finish(&peers);
    return good && option_set_string(spec, values, text, error);
}

static bool set_grep(const struct option_spec *spec, void *values, const char *text,
                     char **error)
{
    if (*text && !strchr(text, '\n'))
        return option_set_string(spec, values, text, error);
    *error = mem_strdup("the text to look for is empty, or has a newline");
    return false;
}

#define FIELD(name) .offset = offsetof(struct attach_settings, name)

static const struct option_spec table[] = {
    {"read-only", 0, NULL, "look on: this console changes nothing", option_set_flag,
     FIELD(read_only)},
    {"json", 'j', NULL, "speak JSON Lines on stdin and stdout", option_set_flag, FIELD(json)},
    {"view", 'v', "VIEW", "how messages are shown", option_set_view, FIELD(view),
     .words = view_words},
    {"time", 0, "FORM", "how times are shown", option_set_time_form, FIELD(time_form),
     .words = time_form_words},
    {"only", 0, "PEERS", "show messages of these peers alone, as /only does", set_only,
     FIELD(only)},
    {"grep", 0, "TEXT", "show only messages that contain TEXT", set_grep, FIELD(grep)},
    {"history", 0, "N", "begin with the last N messages (default 20; 0: none)",
     option_set_count, FIELD(history)},
    {"follow", 0, NULL, "show what happens, and read no input", option_set_flag, FIELD(follow)},
    {"creds", 0, "FILE", "nats: credentials of a user there, as nsc writes them",
     option_set_path, FIELD(nats.creds)},
    {"ca", 0, "FILE", "nats: who signs the server's certificate, in PEM", option_set_path,
     FIELD(nats.ca)},
    {"cert", 0, "FILE", "nats: our certificate, in PEM", option_set_path, FIELD(nats.cert)},
    {"key", 0, "FILE", "nats: its private key, where it is in another file", option_set_path,
     FIELD(nats.key)},
    {"help", 'h', NULL, "show this help", option_set_flag, FIELD(help)},
    {"version", 'V', NULL, "show the version", option_set_flag, FIELD(version)},
};

static const char help_before[] =
    "Usage: telex attach [--read-only] [PATH]\n"
    "       telex attach [OPTION]... [PATH]\n"
    "       telex attach [OPTION]... nats://HOST[:PORT]\n"
    "A console of the telexd that listens on the control socket PATH (telexd\n"
    "--control). Without PATH: the one of your own telexd, else of the service, which\n"
    "the group telex may use. With nats:// one of all nodes of a fleet (telex fleet).\n\n";
static const char help_after[] =
    "\nType /help for commands; Ctrl-D or /quit leaves and telexd runs on, /shutdown\n"
    "ends it. The manual is telex(1).\n";

/* Those of one daemon have no node. */
static bool check_only(const char *only, char **error)
{
    struct selection peers = {0};
    char *reason = NULL;
    const bool good = !only || selection_add(&peers, only, &reason);
    selection_finish(&peers);
    if (!good)
        *error = mem_printf("--only: %s", reason);
    free(reason);
    return good;
}

/* A program gets all, and chooses itself. */
static bool check_json(const struct attach_settings *settings, char **error)
{
    if (!settings->json || (!settings->only && !settings->grep && settings->view == VIEW_TEXT))
        return true;
    *error = mem_strdup("--only, --grep and --view do not go with --json and nats://");
    return false;
}

static bool read_url(struct attach_settings *settings, const char *url, char **error)
{
    settings->nats.url = mem_strdup(url);
    if (!check_json(settings, error))
        return false;
    return nats_settings_check_url(url, error) && nats_settings_check(&settings->nats, error);
}

static bool read_path(struct attach_settings *settings, char *const operands[], int count,
                      char **error)
{
    struct control_spec spec;
    char *reason = NULL;
    if (count > 1) {
        *error = mem_strdup("attach takes one PATH: telex attach [OPTION]... [PATH]");
        return false;
    }
    if (count && nats_settings_is_url(operands[0]))
        return read_url(settings, operands[0], error);
    if (!check_only(settings->only, error))
        return false;
    if (!control_spec_parse(count ? operands[0] : "", &spec, &reason)) {
        *error = mem_printf("attach: %s", reason);
        free(reason);
        return false;
    }
    settings->path = spec.path;
    settings->tries_service = count == 0 && strcmp(spec.path, CONTROL_PLACE_SERVICE) != 0;
    settings->read_only |= spec.read_only;
    return true;
}

static int take(struct command_line *line, char **operands, int count, char **error)
{
    struct attach_settings *settings = CAST(attach_settings, line->options.values);
    return read_path(settings, operands, count, error) ? 0 : EXIT_USAGE;
}

bool attach_settings_read(struct attach_settings *settings, int argc, char **argv, int *status)
{
    struct command_line line = {
        .program = "telex",
        .before = help_before,
        .after = help_after,
        .options = {.table = table, .count = sizeof table / sizeof *table, .values = settings},
        .help = &settings->help,
        .version = &settings->version,
        .take = take};
    *settings = (struct attach_settings){.history = 20};
    CAST_INIT(attach_settings, settings);
    return command_line_read(&line, argc, argv, status);
}

const struct option_spec *attach_settings_options(size_t *count)
{
    *count = sizeof table / sizeof *table;
    return table;
}

void attach_settings_finish(struct attach_settings *settings)
{
    free(settings->path);
    free(settings->only);
    free(settings->grep);
    nats_settings_finish(&settings->nats);
}
