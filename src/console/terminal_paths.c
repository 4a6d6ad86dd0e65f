/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_paths.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/home.h"
#include "base/mem.h"
#include "transport/loop.h"

enum {
    PATHS_SHARE = 3000, /* microseconds of a turn */
    PATHS_LOOK = 64,    /* names until the clock is looked at */
};

/* The directory up to and with its last slash; "." for none. */
static DIR *paths_open(const char *directory)
{
    char *path = home_expand(directory);
    DIR *names = opendir(*path ? path : ".");
    free(path);
    return names;
}

/* "." and ".." are meant only by who types them. */
static bool paths_fits(const char *name, const char *beginning)
{
    if (!*beginning && (strcmp(name, ".") == 0 || strcmp(name, "..") == 0))
        return false;
    return strncmp(name, beginning, strlen(beginning)) == 0;
}

bool terminal_paths_find(const char *text, void (*add)(void *context, const char *path),
                         void *context)
{
    const char *slash = strrchr(text, '/');
    const char *beginning = slash ? slash + 1 : text;
    char *directory = mem_strndup(text, (size_t)(beginning - text));
    int64_t until = loop_clock() + PATHS_SHARE;
    unsigned seen = 0;
    bool all = true;
    DIR *names = paths_open(directory);
    for (struct dirent *entry; names && all && (entry = readdir(names));) {
        if (paths_fits(entry->d_name, beginning)) {
            char *path = mem_printf("%s%s", directory, entry->d_name);
            add(context, path);
            free(path);
        }
        all = ++seen % PATHS_LOOK != 0 || loop_clock() < until;
    }
    if (names)
        closedir(names);
    free(directory);
    return all;
}
