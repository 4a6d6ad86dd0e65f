/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/companion.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"

/* The directory that this program was started from, with its slash; NULL: it is not told. */
static char *own_directory(void)
{
    char path[PATH_MAX];
    const ssize_t size = readlink("/proc/self/exe", path, sizeof path);
    const char *slash = size > 0 ? memrchr(path, '/', (size_t)size) : NULL;
    return slash ? mem_strndup(path, (size_t)(slash - path) + 1) : NULL;
}

/* Returns with errno where it is not there, or can't be run. */
static void become(const char *directory, const char *program, char **argv)
{
    char *path = mem_printf("%s%s", directory, program);
    execv(path, argv);
    free(path);
}

int companion_run(const char *program, const char *package, char **argv)
{
    char *own = own_directory();
    if (own)
        become(own, program, argv);
    if (!own || errno == ENOENT)
        become(TELEX_LIBEXECDIR "/", program, argv);
    if (errno == ENOENT)
        log_error("there is no %s here: it comes with the package %s", program, package);
    else
        log_error("cannot run %s: %s", program, strerror(errno));
    free(own);
    return EXIT_FAILURE;
}
