/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/serial_lock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/fail.h"
#include "base/mem.h"

enum { COMMAND_ROOM = 64 /* bytes: more than a kernel's name of a process has */ };

/* Of a line of /proc/locks, the process that has a flock on that file; 0: it is of another. */
static long holder_in(const char *line, const struct stat *file)
{
    long pid;
    unsigned major_number, minor_number;
    unsigned long inode;
    const bool flocked = sscanf(line, "%*d: FLOCK %*s %*s %ld %x:%x:%lu", &pid, &major_number,
                                &minor_number, &inode) == 4;
    return flocked && inode == file->st_ino && major_number == major(file->st_dev) &&
                   minor_number == minor(file->st_dev)
               ? pid
               : 0;
}

static long find_holder(const struct stat *file)
{
    char line[128];
    long pid = 0;
    FILE *locks = fopen("/proc/locks", "re");
    while (locks && pid <= 0 && fgets(line, sizeof line, locks))
        pid = holder_in(line, file);
    if (locks)
        fclose(locks);
    return pid;
}

/* False where it is gone, or another user's in a /proc that hides those. */
static bool command_of(long pid, char command[COMMAND_ROOM])
{
    char path[32];
    snprintf(path, sizeof path, "/proc/%ld/comm", pid);
    FILE *file = fopen(path, "re");
    const bool found = file && fgets(command, COMMAND_ROOM, file);
    if (file)
        fclose(file);
    if (found)
        command[strcspn(command, "\n")] = '\0';
    return found;
}

char *serial_lock_holder(const char *path)
{
    char command[COMMAND_ROOM];
    struct stat file;
    char *text = NULL;
    const long pid = stat(path, &file) == 0 ? find_holder(&file) : 0;
    if (pid <= 0 || !command_of(pid, command))
        return mem_strdup("in use by another program");
    fail_with(&text, "in use by %s (process %ld)", command, pid);
    return text;
}

bool serial_lock_take(int fd, const char *path, char **error)
{
    if (flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK) {
        *error = serial_lock_holder(path);
        return false;
    }
    ioctl(fd, TIOCEXCL);
    return true;
}

void serial_lock_let_go(int fd)
{
    ioctl(fd, TIOCNXCL);
}
