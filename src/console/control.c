/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console/control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cast.h"
#include "base/fail.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/ut.h"
#include "console/control_place.h"
#include "console/control_sessions.h"
#include "console/control_spec.h"
#include "loop/acceptor.h"
#include "loop/unix_path.h"

enum {
    CONTROL_SPARE = 8, /* descriptors that consoles leave to files and the like */
    CONTROL_MODE = 0600,
};

struct control_socket {
    struct control *control;
    CAST_MARK;
    struct acceptor *acceptor;
    struct unix_path *file; /* NULL: handed over */
    bool read_only;
    struct control_socket *prev, *next;
};

struct control {
    struct control_sessions sessions;
    struct control_socket *sockets; /* utlist */
    bool pause_said;
};

/* --- accepting --- */

static void starved(void *context, int cause)
{
    struct control *control = CAST(control_socket, context)->control;
    if (!control->pause_said)
        log_error("cannot attach more consoles: %s; new ones wait until others end",
                  strerror(cause));
    control->pause_said = true;
}

/* Descriptors are the lowest that are free: this one's number says how many are left. */
static bool is_one_too_many(int fd)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
           (rlim_t)fd + CONTROL_SPARE >= limit.rlim_cur;
}

/* Found out before somebody is taken who would have to be turned away. */
static bool has_room(void *context)
{
    const struct control_socket *socket = CAST(control_socket, context);
    int probe = fcntl(acceptor_fd(socket->acceptor, 0), F_DUPFD_CLOEXEC, 0);
    bool room = probe >= 0 && !is_one_too_many(probe);
    if (probe >= 0)
        close(probe);
    if (room)
        return true;
    acceptor_rest(socket->acceptor);
    starved(context, EMFILE);
    return false;
}

static void take(void *context, int fd, const union address *remote)
{
    const struct control_socket *socket = CAST(control_socket, context);
    (void)remote;
    control_sessions_add(&socket->control->sessions, fd, socket->read_only);
}

static void all_taken(void *context)
{
    const struct control_socket *socket = CAST(control_socket, context);
    socket->control->pause_said = false;
}

/* --- sockets --- */

static bool add_socket(struct control *control, int fd, struct unix_path *file, bool read_only)
{
    static const struct acceptor_ops ops = {
        .take = take, .has_room = has_room, .starved = starved, .all_taken = all_taken};
    struct control_socket *socket = mem_zalloc(sizeof *socket);
    *socket = (struct control_socket){.control = control, .file = file, .read_only = read_only};
    CAST_INIT(control_socket, socket);
    socket->acceptor = acceptor_create(control->sessions.settings.loop, &fd, 1, &ops, socket);
    if (!socket->acceptor) {
        free(socket);
        return false;
    }
    DL_APPEND(control->sockets, socket);
    return true;
}

static void destroy_socket(struct control_socket *socket)
{
    DL_DELETE(socket->control->sockets, socket);
    acceptor_destroy(socket->acceptor);
    unix_path_remove(socket->file);
    free(socket);
}

bool control_bind(struct control *control, const struct control_spec *spec, char **error)
{
    struct unix_path *file = NULL;
    const unsigned mode = spec->mode ? spec->mode : CONTROL_MODE;
    int fd = control_place_prepare(spec->path, geteuid(), error)
                 ? unix_path_bind(spec->path, mode, &file, error)
                 : -1;
    if (fd >= 0 && add_socket(control, fd, file, spec->read_only))
        return true;
    if (fd >= 0)
        *error = mem_strdup(strerror(errno));
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
    if (add_socket(control, fd, NULL, false))
        return true;
    *error = mem_strdup(strerror(errno));
    return false;
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
    return control;
}

void control_start(struct control *control)
{
    struct control_socket *socket;
    DL_FOREACH(control->sockets, socket)
        acceptor_resume(socket->acceptor);
}

void control_stop(struct control *control)
{
    while (control->sockets)
        destroy_socket(control->sockets);
}

void control_destroy(struct control *control, int64_t patience)
{
    if (!control)
        return;
    control_stop(control);
    control_sessions_finish(&control->sessions, patience);
    free(control);
}
