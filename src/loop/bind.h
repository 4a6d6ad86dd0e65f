/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Turns the endpoint of an IP listener into bound sockets. */
#ifndef TELEX_LOOP_BIND_H
#define TELEX_LOOP_BIND_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

#include "loop/lookup.h"

struct endpoint;
struct resolved;

/* Addresses of one name that are bound at most. */
enum { BIND_MAX = LOOKUP_MAX };

struct bound {
    int fds[BIND_MAX]; /* non-blocking, close-on-exec */
    size_t count;
    in_port_t port; /* the same for all */
};

/*
 * Binds every address the endpoint's host has: "*" one socket for both families, or IPv4 alone
 * where the machine has no IPv6. host: what was found for a name; NULL: it is looked up now,
 * which may block. type is SOCK_STREAM or SOCK_DGRAM; only stream sockets get
 * SO_REUSEADDR (a UDP port is never shared). All or none; *error (malloc'ed) is the reason
 * alone.
 */
bool bind_endpoint(const struct endpoint *endpoint, const struct resolved *host, int type,
                   struct bound *bound, char **error);
/*
 * Binds a socket that is going to call to the local address of --bind, in digits; NULL: leaves
 * it. False with errno.
 */
bool bind_local(const char *address, int fd, sa_family_t family);
void bind_close(struct bound *bound);

#endif
