/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/exec_start.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "core/origin.h"
#include "core/peer.h"
#include "loop/child.h"
#include "loop/pty.h"
#include "transport/exec_environment.h"
#include "transport/exec_options.h"

static struct child *run(const struct exec_start *start, struct child_start how, char **error)
{
    char **environment = exec_environment_create(start->peer);
    how.command = start->peer->origin->endpoint.path;
    how.environment = environment;
    struct child *child =
        child_create(start->children, &how, start->ended, start->context, error);
    exec_environment_destroy(environment);
    return child;
}

static void close_pair(const int pair[2])
{
    close(pair[0]);
    close(pair[1]);
}

/* Of each pair the first is ours. */
static bool open_pairs(int line[2], int errors[2], char **error)
{
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line) == 0) {
        if (pipe2(errors, O_CLOEXEC) == 0) {
            fcntl(line[0], F_SETFL, O_NONBLOCK);
            fcntl(errors[0], F_SETFL, O_NONBLOCK);
            return true;
        }
        close_pair(line);
    }
    *error = mem_printf("cannot start a program: %s", strerror(errno));
    return false;
}

static bool start_on_sockets(const struct exec_start *start, struct exec_started *started,
                             char **error)
{
    int line[2], errors[2];
    if (!open_pairs(line, errors, error))
        return false;
    started->child =
        run(start, (struct child_start){.fds = {line[1], line[1], errors[1]}}, error);
    if (!started->child) {
        close_pair(line);
        close_pair(errors);
        return false;
    }
    close(line[1]);
    close(errors[1]);
    started->line = line[0];
    started->errors = errors[0];
    return true;
}

static bool start_on_pty(const struct exec_start *start, struct pty_size size,
                         struct exec_started *started, char **error)
{
    char name[PTY_NAME];
    started->errors = -1;
    started->line = pty_open(size, name, error);
    if (started->line < 0)
        return false;
    started->child = run(start, (struct child_start){.terminal = name}, error);
    if (!started->child)
        close(started->line);
    return started->child;
}

bool exec_start(const struct exec_start *start, struct exec_started *started, char **error)
{
    const struct exec_options *options = exec_options_of(start->peer->origin);
    return options->on_pty ? start_on_pty(start, options->size, started, error)
                           : start_on_sockets(start, started, error);
}
