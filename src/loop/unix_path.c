/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/unix_path.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/unix_address.h"
#include "base/ut.h"

enum { BACKLOG = 4096, LOCK_TRIES = 20, LOCK_PAUSE = 5 /* milliseconds */ };

struct unix_path {
    char *path;
    dev_t device;
    ino_t inode;
    struct unix_path *prev, *next;
};

/* All that are ours: a program that ends in the middle of something leaves no file behind. */
static struct unix_path *files; /* utlist */

static int create_socket(void)
{
    return socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

int unix_path_connect(const char *path)
{
    struct sockaddr_un address;
    socklen_t length = unix_address(path, &address);
    int fd = create_socket();
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, length) == 0)
        return fd;
    int cause = errno;
    close(fd);
    errno = cause;
    return -1;
}

/* Removes a socket that nobody listens on any more. */
static bool clear_stale(const char *path, char **error)
{
    struct stat status;
    if (lstat(path, &status) < 0)
        return true; /* nothing there, or bind will say what */
    if (!S_ISSOCK(status.st_mode)) {
        *error = mem_strdup("the file exists and is not a socket");
        return false;
    }
    int fd = unix_path_connect(path);
    if (fd >= 0 || errno == EAGAIN) { /* EAGAIN: it lives, its backlog is full */
        if (fd >= 0)
            close(fd);
        *error = mem_strdup(strerror(EADDRINUSE));
        return false;
    }
    if (errno == ECONNREFUSED)
        unlink(path);
    return true;
}

/* bind(2) applies the umask to a socket's file, so no moment is left in which it is open to
 * others. */
static int bind_with_mode(int fd, const char *path, unsigned mode)
{
    struct sockaddr_un address;
    socklen_t length = unix_address(path, &address);
    mode_t old = mode ? umask(0777 & ~mode) : 0;
    int result = bind(fd, (struct sockaddr *)&address, length);
    int cause = errno;
    if (mode)
        umask(old);
    errno = cause;
    return result;
}

static void remove_file(const struct unix_path *file)
{
    struct stat status;
    if (lstat(file->path, &status) == 0 && status.st_dev == file->device &&
        status.st_ino == file->inode)
        unlink(file->path);
}

static void remove_all(void)
{
    const struct unix_path *file;
    DL_FOREACH(files, file)
        remove_file(file);
}

static struct unix_path *remember(const char *path)
{
    static bool registered;
    struct stat status;
    if (lstat(path, &status) < 0)
        return NULL;
    struct unix_path *file = mem_alloc(sizeof *file);
    *file = (struct unix_path){
        .path = mem_strdup(path), .device = status.st_dev, .inode = status.st_ino};
    DL_APPEND(files, file);
    if (!registered)
        registered = atexit(remove_all) == 0;
    return file;
}

/*
 * The directory of path, locked: looking whether a socket is stale, removing it and making a
 * new one are three steps, and another process may take the same at the same time. Whoever
 * holds the lock for long, as anybody could in /tmp, does not keep us from it. -1 where there
 * is none.
 */
static int lock_directory(const char *path)
{
    char *copy = mem_strdup(path);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(copy);
    for (int tries = LOCK_TRIES; fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0 && tries > 0;
         tries--)
        poll(NULL, 0, LOCK_PAUSE);
    return fd;
}

/* Before it listens a socket looks stale: so both within the lock. */
static int bind_and_listen(const char *path, unsigned mode, char **error)
{
    int fd = create_socket();
    if (fd >= 0 && bind_with_mode(fd, path, mode) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    *error = mem_strdup(strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

int unix_path_bind(const char *path, unsigned mode, struct unix_path **file, char **error)
{
    *file = NULL;
    if (unix_address_is_abstract(path))
        return bind_and_listen(path, 0, error);
    int lock = lock_directory(path);
    int fd = clear_stale(path, error) ? bind_and_listen(path, mode, error) : -1;
    *file = fd >= 0 ? remember(path) : NULL;
    if (lock >= 0)
        close(lock);
    return fd;
}

void unix_path_remove(struct unix_path *file)
{
    if (!file)
        return;
    remove_file(file);
    DL_DELETE(files, file);
    free(file->path);
    free(file);
}
