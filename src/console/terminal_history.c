/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_history.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <readline/history.h>

#include "base/mem.h"

enum { HISTORY_LINE_MAX = 16 << 10 }; /* a longer one is not worth keeping in the file */

/* NULL where there is no home. malloc'ed. */
static char *history_path(void)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    if (state && *state == '/')
        return mem_printf("%s/telex/history", state);
    if (home && *home == '/')
        return mem_printf("%s/.local/state/telex/history", home);
    return NULL;
}

/* Makes the directories above the file that are not there. */
static void history_make_directories(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
}

static int history_open(void)
{
    char *path = history_path();
    if (!path)
        return -1;
    history_make_directories(path);
    int fd =
        open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
    struct stat status;
    if (fd >= 0 && (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))) {
        close(fd);
        fd = -1;
    }
    if (fd >= 0)
        fchmod(fd, 0600);
    free(path);
    return fd;
}

void terminal_history_load(void)
{
    int fd = history_open();
    using_history();
    stifle_history(TERMINAL_HISTORY_MAX);
    if (fd < 0)
        return;
    close(fd);
    char *path = history_path();
    history_truncate_file(path, TERMINAL_HISTORY_MAX);
    read_history(path);
    free(path);
}

void terminal_history_add(const char *line)
{
    const HIST_ENTRY *last =
        history_length > 0 ? history_get(history_base + history_length - 1) : NULL;
    size_t size = strlen(line);
    if (size == 0 || (last && strcmp(last->line, line) == 0))
        return;
    add_history(line);
    int fd = size <= HISTORY_LINE_MAX ? history_open() : -1;
    if (fd < 0)
        return;
    struct iovec parts[] = {{.iov_base = (void *)line, .iov_len = size},
                            {.iov_base = (void *)"\n", .iov_len = 1}};
    ssize_t ignored = writev(fd, parts, 2);
    (void)ignored;
    close(fd);
}
