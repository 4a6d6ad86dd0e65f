/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/bind.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/address.h"
#include "base/endpoint.h"
#include "base/mem.h"
#include "loop/resolve.h"

/* How often another port is tried where the system's pick is taken at another address. */
enum { PORT_TRIES = 16, PRIVILEGED_PORTS = 1024 };

static int bind_address(const union address *address, int type, bool both_families)
{
    int v6_only = !both_families;
    int on = 1;
    int fd = socket(address->any.sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (address->any.sa_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &v6_only, sizeof v6_only);
    if (type == SOCK_STREAM)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, &address->any, address_length(address)) == 0)
        return fd;
    int cause = errno;
    close(fd);
    errno = cause;
    return -1;
}

static in_port_t port_of(int fd)
{
    union address address;
    socklen_t length = sizeof address;
    return getsockname(fd, &address.any, &length) == 0 ? address_port(&address) : 0;
}

static bool family_missing(int cause)
{
    return cause == EAFNOSUPPORT || cause == EADDRNOTAVAIL;
}

static char *reason(int cause, in_port_t port)
{
    if (cause == EACCES && port < PRIVILEGED_PORTS)
        return mem_printf("%s (a port under 1024 needs root or CAP_NET_BIND_SERVICE)",
                          strerror(cause));
    return mem_strdup(strerror(cause));
}

/* --- every address of both families --- */

static bool bind_wildcard(in_port_t port, int type, struct bound *bound)
{
    union address v6 = {.v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)}};
    union address v4 = {.v4 = {.sin_family = AF_INET, .sin_port = htons(port)}};
    bound->fds[0] = bind_address(&v6, type, true);
    if (bound->fds[0] < 0 && family_missing(errno))
        bound->fds[0] = bind_address(&v4, type, false);
    if (bound->fds[0] < 0)
        return false;
    bound->count = 1;
    bound->port = port_of(bound->fds[0]);
    return true;
}

/* --- a name's or a number's addresses --- */

/* Sets errno where it returns false. */
static bool bind_all(const struct resolved *host, int type, in_port_t port, struct bound *bound)
{
    int missing = 0;
    *bound = (struct bound){.port = port};
    for (size_t i = 0; i < host->count; i++) {
        union address address = host->addresses[i];
        address_set_port(&address, bound->port);
        int fd = bind_address(&address, type, false);
        if (fd < 0 && family_missing(errno)) {
            missing = errno; /* a name may have addresses of a family this machine lacks */
            continue;
        }
        if (fd < 0) {
            bind_close(bound);
            return false;
        }
        bound->fds[bound->count++] = fd;
        bound->port = port_of(fd);
    }
    if (bound->count == 0)
        errno = missing;
    return bound->count > 0;
}

static bool bind_some_port(const struct resolved *host, int type, in_port_t port,
                           struct bound *bound)
{
    for (int tries = port == 0 ? PORT_TRIES : 1; tries > 0; tries--) {
        if (bind_all(host, type, port, bound))
            return true;
        if (errno != EADDRINUSE)
            break;
    }
    return false;
}

/* Looks up what the endpoint's host is, where that is not known. */
static bool bind_host(const struct endpoint *endpoint, const struct resolved *host, int type,
                      struct bound *bound, char **error)
{
    struct resolved now = {0};
    if (!host && !resolve_now(endpoint->host, endpoint->port, &now, error))
        return false;
    bool done = bind_some_port(host ? host : &now, type, endpoint->port, bound);
    if (!done)
        *error = reason(errno, endpoint->port);
    resolved_finish(&now);
    return done;
}

bool bind_endpoint(const struct endpoint *endpoint, const struct resolved *host, int type,
                   struct bound *bound, char **error)
{
    *bound = (struct bound){0};
    if (!endpoint_is_wildcard(endpoint))
        return bind_host(endpoint, host, type, bound, error);
    if (bind_wildcard(endpoint->port, type, bound))
        return true;
    *error = reason(errno, endpoint->port);
    return false;
}

void bind_close(struct bound *bound)
{
    int cause = errno;
    for (size_t i = 0; i < bound->count; i++)
        close(bound->fds[i]);
    bound->count = 0;
    errno = cause;
}

bool bind_local(const char *address, int fd, sa_family_t family)
{
    union address local;
    if (!address)
        return true;
    errno = EADDRNOTAVAIL;
    return address_parse(address, 0, &local) && local.any.sa_family == family &&
           bind(fd, &local.any, address_length(&local)) == 0;
}
