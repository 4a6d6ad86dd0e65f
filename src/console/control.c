/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/ut.h"
#include "console/control_sessions.h"
#include "console/control_spec.h"
#include "loop/timeout.h"
#include "loop/unix_path.h"
#include "loop/watch.h"

enum {
    CONTROL_BACKLOG = 128,
    CONTROL_ACCEPTS = 16,  /* a turn */
    CONTROL_REST = 100000, /* microseconds that accepting rests without descriptors */
    CONTROL_SPARE = 8,     /* descriptors that consoles leave to files and the like */
    CONTROL_MODE = 0600,
};

struct control_socket {
    struct control *control;
    evutil_socket_t fd;
    struct unix_path *file; /* NULL: handed over */
    bool read_only;
    struct watch *ready;
    struct control_socket *prev, *next;
};

struct control {
    struct control_sessions sessions;
    struct control_socket *sockets; /* utlist */
    struct timeout *resume;
    bool pause_said;
};

/* --- accepting --- */

static void watch_all(struct control *control)
{
    struct control_socket *socket;
    DL_FOREACH(control->sockets, socket)
        watch_start(socket->ready);
}

static void resume_cb(void *context)
{
    watch_all(context);
}

/* A socket that cannot accept would be ready for ever. */
static void pause_accepting(struct control *control, int cause)
{
    struct control_socket *socket;
    DL_FOREACH(control->sockets, socket)
        watch_stop(socket->ready);
    timeout_set(control->resume, CONTROL_REST);
    if (!control->pause_said)
        log_error("cannot attach more consoles: %s; new ones wait until others end",
                  strerror(cause));
    control->pause_said = true;
}

static bool out_of_descriptors(int cause)
{
    return cause == EMFILE || cause == ENFILE || cause == ENOBUFS || cause == ENOMEM;
}

/* Descriptors are the lowest that are free: this one's number says how many are left. */
static bool is_one_too_many(evutil_socket_t fd)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
           (rlim_t)fd + CONTROL_SPARE >= limit.rlim_cur;
}

/* Found out before somebody is taken who would have to be turned away. */
static bool has_room(const struct control_socket *socket)
{
    int probe = fcntl(socket->fd, F_DUPFD_CLOEXEC, 0);
    bool room = probe >= 0 && !is_one_too_many(probe);
    if (probe >= 0)
        close(probe);
    return room;
}

/* Returns 0 or an errno. */
static int accept_one(struct control_socket *socket)
{
    if (!has_room(socket))
        return EMFILE;
    evutil_socket_t fd = accept4(socket->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
        return errno;
    control_sessions_add(&socket->control->sessions, fd, socket->read_only);
    return 0;
}

static void accept_cb(void *context)
{
    struct control_socket *socket = context;
    struct control *control = socket->control;
    for (int i = 0; i < CONTROL_ACCEPTS; i++) {
        int cause = accept_one(socket);
        if (out_of_descriptors(cause))
            pause_accepting(control, cause);
        if (cause == EAGAIN)
            control->pause_said = false;
        if (cause != 0 && cause != ECONNABORTED && cause != EINTR)
            return;
    }
}

/* --- sockets --- */

static void add_socket(struct control *control, evutil_socket_t fd, struct unix_path *file,
                       bool read_only)
{
    struct control_socket *socket = mem_zalloc(sizeof *socket);
    *socket = (struct control_socket){
        .control = control, .fd = fd, .file = file, .read_only = read_only};
    socket->ready = watch_create(control->sessions.settings.loop, fd, WATCH_READ, LOOP_PEERS,
                                 PART_PEERS, accept_cb, socket);
    DL_APPEND(control->sockets, socket);
}

static void destroy_socket(struct control_socket *socket)
{
    DL_DELETE(socket->control->sockets, socket);
    watch_destroy(socket->ready);
    close(socket->fd);
    unix_path_remove(socket->file);
    free(socket);
}

/* Root's own place below /run, which is empty after each boot. */
static void make_directory(const char *path)
{
    static const char directory[] = "/run/telex";
    size_t size = sizeof directory - 1;
    if (geteuid() == 0 && strncmp(path, directory, size) == 0 && path[size] == '/' &&
        mkdir(directory, 0755) == 0)
        chmod(directory, 0755); /* whatever the umask is */
}

bool control_bind(struct control *control, const struct control_spec *spec, char **error)
{
    struct unix_path *file = NULL;
    make_directory(spec->path);
    evutil_socket_t fd =
        unix_path_bind(spec->path, spec->mode ? spec->mode : CONTROL_MODE, &file, error);
    if (fd >= 0 && listen(fd, CONTROL_BACKLOG) == 0) {
        add_socket(control, fd, file, spec->read_only);
        return true;
    }
    if (fd >= 0) {
        *error = mem_strdup(strerror(errno));
        close(fd);
    }
    unix_path_remove(file);
    return fail_about(error, "cannot listen on control socket", spec->path);
}

static bool socket_option(int fd, int option, int wanted)
{
    int value = 0;
    socklen_t length = sizeof value;
    return getsockopt(fd, SOL_SOCKET, option, &value, &length) == 0 && value == wanted;
}

bool control_adopt(struct control *control, int fd, char **error)
{
    if (!socket_option(fd, SO_DOMAIN, AF_UNIX) || !socket_option(fd, SO_TYPE, SOCK_STREAM) ||
        !socket_option(fd, SO_ACCEPTCONN, 1)) {
        *error = mem_printf("descriptor %d is no listening unix stream socket: it cannot be "
                            "a control socket",
                            fd);
        return false;
    }
    int flags = fcntl(fd, F_GETFL);
    fcntl(fd, F_SETFL, (flags < 0 ? 0 : flags) | O_NONBLOCK);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    add_socket(control, fd, NULL, false);
    return true;
}

bool control_listens(const struct control *control)
{
    return control->sockets != NULL;
}

/* --- life --- */

struct control *control_create(const struct control_settings *settings)
{
    struct control *control = mem_zalloc(sizeof *control);
    control_sessions_init(&control->sessions, settings);
    control->resume =
        timeout_create(settings->loop, LOOP_PEERS, PART_PEERS, resume_cb, control);
    return control;
}

void control_start(struct control *control)
{
    watch_all(control);
}

void control_stop(struct control *control)
{
    timeout_stop(control->resume);
    while (control->sockets)
        destroy_socket(control->sockets);
}

void control_destroy(struct control *control, int64_t patience)
{
    if (!control)
        return;
    control_stop(control);
    control_sessions_finish(&control->sessions, patience);
    timeout_destroy(control->resume);
    free(control);
}
