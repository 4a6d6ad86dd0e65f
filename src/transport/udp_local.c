/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/udp_local.h"

#include <string.h>

enum { MAPPED_PREFIX = 12 /* bytes, RFC 4291 2.5.5.2 */ };

struct in6_addr udp_local_map(struct in_addr v4)
{
    struct in6_addr host = IN6ADDR_ANY_INIT;
    host.s6_addr[10] = host.s6_addr[11] = 0xff;
    memcpy(host.s6_addr + MAPPED_PREFIX, &v4, sizeof v4);
    return host;
}

struct in_addr udp_local_unmap(const struct udp_local *local)
{
    struct in_addr v4;
    memcpy(&v4, local->host.s6_addr + MAPPED_PREFIX, sizeof v4);
    return v4;
}

sa_family_t udp_local_family(const struct udp_local *local)
{
    if (IN6_IS_ADDR_V4MAPPED(&local->host))
        return AF_INET;
    return IN6_IS_ADDR_UNSPECIFIED(&local->host) && local->interface == 0 ? AF_UNSPEC
                                                                          : AF_INET6;
}
