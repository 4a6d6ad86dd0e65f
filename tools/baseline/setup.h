/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TELEX_BASELINE_SETUP_H
#define TELEX_BASELINE_SETUP_H

#include <netinet/in.h>
#include <stdbool.h>

/*
 * What the baselines share and what is not measured: their command line, and the socket.
 *
 *     epoll_echo [tcp|udp] PORT
 *     epoll_relay PORT FAR_PORT
 *
 * listens on 127.0.0.1 (port 0: the system picks) and says "listening PORT" on stdout. Whatever
 * fails ends the program with a line on stderr.
 */

struct setup {
    int fd;   /* bound, not blocking; a TCP socket listens */
    bool udp; /* what it is */
};

enum { SETUP_BACKLOG = 4096 };

struct setup setup_read(int argc, char **argv);
/* *far: of 127.0.0.1, in network byte order. */
struct setup setup_read_relay(int argc, char **argv, in_port_t *far);

/* Ends the program with what errno says. */
_Noreturn void setup_fail(const char *what);

#endif
