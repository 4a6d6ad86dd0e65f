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
#include "server/settings.h"

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

int settings_read_file(struct settings *settings, struct options *options, char **error)
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
