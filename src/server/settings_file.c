/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/settings_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/cast.h"
#include "base/command_line.h"
#include "base/mem.h"
#include "base/options_file.h"
#include "core/listener.h"
#include "server/endpoints.h"
#include "server/given_names.h"
#include "server/settings.h"

/* The words "listen ENDPOINT" of a file, and the names that its endpoints give. */
struct listen_lines {
    struct settings *settings;
    CAST_MARK;
    struct given_names names;
};

static void add_listen(struct settings *settings, const char *text)
{
    size_t count = (size_t)settings->listen_count++;
    settings->listen = mem_resize(settings->listen, (count + 1) * sizeof *settings->listen);
    settings->listen[count] = mem_strdup(text);
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
    const bool good = given_names_add(&lines->names, listener->origin.profile.name, error);
    if (good)
        add_listen(lines->settings, rest);
    listener_release(listener);
    return good;
}

int settings_read_file(struct settings *settings, struct options *options, char **error)
{
    struct listen_lines lines = {.settings = settings};
    CAST_INIT(listen_lines, &lines);
    enum options_file_result result =
        options_file_read(options, settings->config, take_listen, &lines, error);
    given_names_finish(&lines.names);
    if (settings->endpoint_count == 0) {
        settings->endpoints = settings->listen;
        settings->endpoint_count = settings->listen_count;
    }
    if (result == OPTIONS_FILE_GOOD)
        return 0;
    return result == OPTIONS_FILE_UNREADABLE ? EXIT_FAILURE : EXIT_USAGE;
}
