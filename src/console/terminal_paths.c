/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_paths.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/home.h"
#include "base/mem.h"

enum { PATHS_MAX = 16384 }; /* names that are looked at: some 3 ms */

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
    unsigned seen = 0;
    DIR *names = paths_open(directory);
    for (struct dirent *entry; names && seen < PATHS_MAX && (entry = readdir(names)); seen++) {
        if (paths_fits(entry->d_name, beginning)) {
            char *path = mem_printf("%s%s", directory, entry->d_name);
            add(context, path);
            free(path);
        }
    }
    if (names)
        closedir(names);
    free(directory);
    return seen < PATHS_MAX;
}
