/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/terminal_history.h"

#include <errno.h>
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

/* A link may lead anywhere, and what is no file may wait: neither is opened. */
static int history_open(const char *path)
{
    int flags = O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW;
    int fd = open(path, flags, 0600);
    struct stat status;
    if (fd >= 0 && (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))) {
        close(fd);
        fd = -1;
    }
    if (fd >= 0)
        fchmod(fd, 0600);
    return fd;
}

/* --- reading --- */

/* The end of a file of size bytes, TERMINAL_HISTORY_FILE_MAX at most, as text. malloc'ed. */
static char *history_read(int fd, off_t size)
{
    off_t from = size > TERMINAL_HISTORY_FILE_MAX ? size - TERMINAL_HISTORY_FILE_MAX : 0;
    char *data = mem_alloc(TERMINAL_HISTORY_FILE_MAX + 1);
    ssize_t got = pread(fd, data, TERMINAL_HISTORY_FILE_MAX, from);
    for (ssize_t i = 0; i < got; i++)
        if (data[i] == '\0')
            data[i] = '\n';
    data[got > 0 ? got : 0] = '\0';
    return data;
}

/* Where the last lines of data begin. If that is not the whole file, its first line may be half
 * of one. */
static char *history_last_lines(char *data, bool whole)
{
    char *first = whole ? data : data + strcspn(data, "\n");
    unsigned lines = 0;
    for (size_t i = strlen(first); i > 1; i--)
        if (first[i - 2] == '\n' && ++lines == TERMINAL_HISTORY_MAX)
            return first + i - 1;
    return first;
}

static void history_take(char *lines)
{
    char *rest = NULL;
    for (char *line = strtok_r(lines, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        if (strlen(line) <= TERMINAL_HISTORY_LINE_MAX)
            add_history(line);
}

/* --- writing --- */

static bool history_append(int fd, const char *data, size_t size)
{
    return write(fd, data, size) == (ssize_t)size;
}

/* Puts a file of these lines alone in the place of the one at path. */
static void history_replace(const char *path, const char *lines)
{
    char *name = mem_printf("%s.XXXXXX", path); /* mode 0600: mkostemp(3) */
    int fd = mkostemp(name, O_CLOEXEC);
    if (fd >= 0) {
        bool good = history_append(fd, lines, strlen(lines));
        good = close(fd) == 0 && good;
        if (!good || rename(name, path) < 0)
            unlink(name);
    }
    free(name);
}

static void history_load_file(int fd, const char *path)
{
    off_t size = lseek(fd, 0, SEEK_END);
    char *data = history_read(fd, size);
    char *lines = history_last_lines(data, size <= TERMINAL_HISTORY_FILE_MAX);
    if ((off_t)strlen(lines) < size)
        history_replace(path, lines);
    history_take(lines);
    free(data);
}

void terminal_history_load(void)
{
    char *path = history_path();
    using_history();
    stifle_history(TERMINAL_HISTORY_MAX);
    if (path)
        history_make_directories(path);
    int fd = path ? history_open(path) : -1;
    if (fd >= 0) {
        history_load_file(fd, path);
        close(fd);
    }
    free(path);
}

void terminal_history_add(const char *line)
{
    const HIST_ENTRY *last =
        history_length > 0 ? history_get(history_base + history_length - 1) : NULL;
    size_t size = strlen(line);
    if (size == 0 || size > TERMINAL_HISTORY_LINE_MAX ||
        (last && strcmp(last->line, line) == 0))
        return;
    add_history(line);
    char *path = history_path();
    int fd = path ? history_open(path) : -1;
    if (fd >= 0) {
        struct iovec parts[] = {{.iov_base = (void *)line, .iov_len = size},
                                {.iov_base = (void *)"\n", .iov_len = 1}};
        ssize_t ignored = writev(fd, parts, 2);
        (void)ignored;
        close(fd);
    }
    free(path);
}
