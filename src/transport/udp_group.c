/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_group.h"

#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/address.h"
#include "base/mem.h"
#include "core/listener.h"
#include "transport/udp_options.h"

#ifndef IPV6_MULTICAST_ALL
#define IPV6_MULTICAST_ALL 29 /* Linux 4.20 */
#endif

/* Returns 0 or an errno. */
static int set_option(int fd, int level, int name, const void *value, socklen_t size)
{
    return setsockopt(fd, level, name, value, size) == 0 ? 0 : errno;
}

static int set_number(int fd, int level, int name, int value)
{
    return set_option(fd, level, name, &value, sizeof value);
}

static int keep_to(int fd, const char *interface)
{
    return set_option(fd, SOL_SOCKET, SO_BINDTODEVICE, interface,
                      (socklen_t)strlen(interface) + 1);
}

/* --- listening --- */

bool udp_group_complete(struct listener *listener, char **error)
{
    struct endpoint *endpoint = &listener->origin.endpoint;
    const char *interface = udp_options_of(&listener->origin)->interface;
    union address address;
    if (interface && if_nametoindex(interface) == 0) {
        *error = mem_printf("there is no interface %s", interface);
        return false;
    }
    if (!address_parse(endpoint->host, 0, &address) || !address_lacks_zone(&address))
        return true;
    if (!interface) {
        *error = mem_printf("%s is another address on each interface: write [%s%%eth0]",
                            endpoint->host, endpoint->host);
        return false;
    }
    char *host = mem_printf("%s%%%s", endpoint->host, interface);
    free(endpoint->host);
    endpoint->host = host;
    return true;
}

/* Returns 0 or an errno. index 0: the system chooses. */
static int join(int fd, const union address *group, unsigned index)
{
    if (group->any.sa_family == AF_INET) {
        struct ip_mreqn where = {.imr_multiaddr = group->v4.sin_addr,
                                 .imr_ifindex = (int)index};
        return set_option(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &where, sizeof where);
    }
    struct ipv6_mreq where = {
        .ipv6mr_multiaddr = group->v6.sin6_addr,
        .ipv6mr_interface = index > 0 ? index : group->v6.sin6_scope_id,
    };
    return set_option(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &where, sizeof where);
}

bool udp_group_join(int fd, const char *interface, char **error)
{
    union address bound;
    socklen_t length = sizeof bound;
    int cause = 0;
    if (getsockname(fd, &bound.any, &length) < 0)
        cause = errno;
    else if (address_is_multicast(&bound))
        cause = join(fd, &bound, interface ? if_nametoindex(interface) : 0);
    else if (interface)
        cause = keep_to(fd, interface);
    if (cause == 0 || cause == EADDRINUSE) /* whoever passed the socket has joined already */
        return true;
    *error = cause == ENODEV && !interface ? mem_strdup("the system has no interface for that "
                                                        "group: say which, as in "
                                                        "interface=eth0")
                                           : mem_strdup(strerror(cause));
    return false;
}

void udp_group_only_own(int fd, int family)
{
    set_number(fd, IPPROTO_IP, IP_MULTICAST_ALL, 0);
    if (family == AF_INET6)
        set_number(fd, IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0);
}

/* --- calling --- */

static int choose_interface(int fd, const union address *remote, const char *name)
{
    struct ip_mreqn where = {.imr_ifindex = (int)if_nametoindex(name)};
    if (where.imr_ifindex == 0)
        return ENODEV;
    if (!address_is_multicast(remote))
        return keep_to(fd, name);
    if (remote->any.sa_family == AF_INET)
        return set_option(fd, IPPROTO_IP, IP_MULTICAST_IF, &where, sizeof where);
    return set_number(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, where.imr_ifindex);
}

static int set_ttl(int fd, const union address *remote, int ttl)
{
    bool group = address_is_multicast(remote);
    if (remote->any.sa_family == AF_INET)
        return set_number(fd, IPPROTO_IP, group ? IP_MULTICAST_TTL : IP_TTL, ttl);
    return set_number(fd, IPPROTO_IPV6, group ? IPV6_MULTICAST_HOPS : IPV6_UNICAST_HOPS, ttl);
}

static int set_loop(int fd, const union address *remote, int loop)
{
    if (remote->any.sa_family == AF_INET)
        return set_number(fd, IPPROTO_IP, IP_MULTICAST_LOOP, loop);
    return set_number(fd, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, loop);
}

int udp_group_prepare(int fd, const union address *remote, const struct udp_options *options)
{
    int cause = 0;
    if (options->interface)
        cause = choose_interface(fd, remote, options->interface);
    if (cause == 0 && options->ttl >= 0)
        cause = set_ttl(fd, remote, options->ttl);
    if (cause == 0 && options->loop >= 0)
        cause = set_loop(fd, remote, options->loop);
    return cause;
}

static int connect_to(int fd, const union address *remote)
{
    return connect(fd, &remote->any, address_length(remote)) == 0 ? 0 : errno;
}

/* That an address is a broadcast one, the kernel tells who may not send any. */
int udp_group_connect(int fd, const union address *remote, bool *many)
{
    int cause = connect_to(fd, remote);
    *many = cause == EACCES || address_is_multicast(remote);
    if (cause != EACCES)
        return cause;
    udp_group_permit(fd, true);
    return connect_to(fd, remote);
}

void udp_group_permit(int fd, bool on)
{
    set_number(fd, SOL_SOCKET, SO_BROADCAST, on);
}
