/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/control_place.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fail.h"
#include "base/mem.h"

static bool is_directory_of(const char *path, uid_t user, struct stat *status)
{
    return lstat(path, status) == 0 && S_ISDIR(status->st_mode) && status->st_uid == user;
}

/* --- places --- */

static char *in_run(uid_t user)
{
    return mem_printf("/run/user/%ju", (uintmax_t)user);
}

static char *in_tmp(uid_t user)
{
    return mem_printf("/tmp/telex-%ju", (uintmax_t)user);
}

static char *directory_of(uid_t user)
{
    const char *given = getenv("XDG_RUNTIME_DIR");
    struct stat status;
    if (given && *given == '/') /* XDG base directories: else it is invalid */
        return mem_strdup(given);
    char *directory = in_run(user);
    if (is_directory_of(directory, user, &status))
        return directory;
    free(directory);
    return in_tmp(user);
}

char *control_place_own(uid_t user)
{
    if (user == 0)
        return mem_strdup(CONTROL_PLACE_SERVICE);
    char *directory = directory_of(user);
    char *path = mem_printf("%s/telex.sock", directory);
    free(directory);
    return path;
}

/* --- their directories --- */

/* Whether path is a file in it. */
static bool is_in(const char *path, const char *directory)
{
    size_t size = strlen(directory);
    return strncmp(path, directory, size) == 0 && path[size] == '/' &&
           strchr(path + size + 1, '/') == NULL;
}

/* Once it is ours nobody else can put another in its place: /tmp is sticky. */
static bool is_private(const char *directory, uid_t user)
{
    struct stat status;
    return is_directory_of(directory, user, &status) && (status.st_mode & 077) == 0;
}

bool control_place_is_safe(const char *path, uid_t user)
{
    struct stat status;
    char *directory = in_tmp(user);
    bool safe = !is_in(path, directory) || (lstat(directory, &status) < 0 && errno == ENOENT) ||
                is_private(directory, user);
    free(directory);
    return safe;
}

static bool prepare_in_tmp(const char *path, uid_t user, char **error)
{
    char *directory = in_tmp(user);
    bool safe = !is_in(path, directory);
    if (!safe) {
        mkdir(directory, 0700); /* follows no link, and leaves alone what is there */
        safe = is_private(directory, user);
    }
    if (!safe)
        fail_with(error, "%s is no directory that is yours alone", directory);
    free(directory);
    return safe;
}

bool control_place_prepare(const char *path, uid_t user, char **error)
{
    static const char service[] = "/run/telex";
    if (user == 0 && is_in(path, service) && mkdir(service, 0755) == 0)
        chmod(service, 0755); /* whatever the umask is */
    return prepare_in_tmp(path, user, error);
}
