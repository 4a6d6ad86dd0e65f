/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sockets that whoever started us has bound and hands down as descriptors 3 and up: the
 * protocol of sd_listen_fds(3), with LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES. One named
 * "control" is for consoles, all others are listeners.
 */
#ifndef TELEX_SERVER_PASSED_H
#define TELEX_SERVER_PASSED_H

#include <stdbool.h>
#include <stddef.h>

struct passed_socket {
    int fd;         /* non-blocking, close-on-exec; whoever serves it closes it */
    char *endpoint; /* what it is bound to, as it can be typed; with ?name= where it has one */
};

struct passed {
    struct passed_socket *listeners; /* TCP, UDP and Unix, in the order they came */
    size_t listener_count;
    struct passed_socket *controls; /* Unix stream sockets */
    size_t control_count;
};

/*
 * Takes the sockets, if there are any for this process, and the variables out of the
 * environment. False with *error (malloc'ed) where one is of a kind that cannot be served:
 * *passed is to be finished all the same.
 */
bool passed_take(struct passed *passed, char **error);
/* Forgets them; closes none. */
void passed_finish(struct passed *passed);

#endif
