/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/home.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

/* Of the user of that name; of our own where it is empty. Borrowed, or NULL. */
static const char *home_of(const char *user)
{
    const char *home = getenv("HOME");
    if (*user == '\0' && home && *home != '\0')
        return home;
    const struct passwd *entry = *user == '\0' ? getpwuid(geteuid()) : getpwnam(user);
    return entry ? entry->pw_dir : NULL;
}

char *home_expand(const char *path)
{
    if (*path != '~')
        return mem_strdup(path);
    size_t length = strcspn(path, "/");
    char *user = mem_strndup(path + 1, length - 1);
    const char *home = home_of(user);
    free(user);
    return home ? mem_printf("%s%s", home, path + length) : mem_strdup(path);
}

char *home_absolute(const char *path)
{
    char *whole = home_expand(path);
    char *directory = *whole != '\0' && *whole != '/' ? getcwd(NULL, 0) : NULL;
    if (!directory && *path == '~')
        return whole;
    char *joined = directory ? mem_printf("%s/%s", directory, whole) : NULL;
    free(directory);
    free(whole);
    return joined;
}
