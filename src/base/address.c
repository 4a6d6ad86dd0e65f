/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/address.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

static bool is_mapped(const union address *address)
{
    return address->any.sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&address->v6.sin6_addr);
}

static union address unmapped(const union address *address)
{
    union address copy = *address;
    address_unmap(&copy);
    return copy;
}

/* Whether the address means something else on each interface. */
static bool is_zoned(const struct in6_addr *host)
{
    return IN6_IS_ADDR_LINKLOCAL(host) || IN6_IS_ADDR_MC_LINKLOCAL(host) ||
           IN6_IS_ADDR_MC_NODELOCAL(host);
}

socklen_t address_length(const union address *address)
{
    switch (address->any.sa_family) {
    case AF_INET:
        return sizeof address->v4;
    case AF_INET6:
        return sizeof address->v6;
    default:
        return sizeof address->any;
    }
}

in_port_t address_port(const union address *address)
{
    switch (address->any.sa_family) {
    case AF_INET:
        return ntohs(address->v4.sin_port);
    case AF_INET6:
        return ntohs(address->v6.sin6_port);
    default:
        return 0;
    }
}

void address_set_port(union address *address, in_port_t port)
{
    if (address->any.sa_family == AF_INET)
        address->v4.sin_port = htons(port);
    else if (address->any.sa_family == AF_INET6)
        address->v6.sin6_port = htons(port);
}

void address_unmap(union address *address)
{
    if (!is_mapped(address))
        return;
    union address plain = {.any.sa_family = AF_UNSPEC};
    plain.v4.sin_family = AF_INET;
    plain.v4.sin_port = address->v6.sin6_port;
    memcpy(&plain.v4.sin_addr, address->v6.sin6_addr.s6_addr + 12, sizeof plain.v4.sin_addr);
    *address = plain;
}

void address_map(union address *address)
{
    if (address->any.sa_family != AF_INET)
        return;
    struct sockaddr_in6 mapped = {.sin6_family = AF_INET6, .sin6_port = address->v4.sin_port};
    memset(mapped.sin6_addr.s6_addr + 10, 0xff, 2);
    memcpy(mapped.sin6_addr.s6_addr + 12, &address->v4.sin_addr, sizeof address->v4.sin_addr);
    address->v6 = mapped;
}

/* "%eth0", "%7" where the interface is gone, or nothing. */
static void print_zone(const struct sockaddr_in6 *v6, char zone[IF_NAMESIZE + 1])
{
    zone[0] = '\0';
    if (v6->sin6_scope_id == 0 || !is_zoned(&v6->sin6_addr))
        return;
    zone[0] = '%';
    if (!if_indextoname(v6->sin6_scope_id, zone + 1))
        snprintf(zone + 1, IF_NAMESIZE, "%u", v6->sin6_scope_id);
}

void address_print(const union address *address, char text[ADDRESS_TEXT])
{
    union address plain = unmapped(address);
    char host[INET6_ADDRSTRLEN], zone[IF_NAMESIZE + 1];
    if (plain.any.sa_family == AF_INET) {
        inet_ntop(AF_INET, &plain.v4.sin_addr, host, sizeof host);
        snprintf(text, ADDRESS_TEXT, "%s:%u", host, address_port(&plain));
    } else if (plain.any.sa_family == AF_INET6) {
        inet_ntop(AF_INET6, &plain.v6.sin6_addr, host, sizeof host);
        print_zone(&plain.v6, zone);
        snprintf(text, ADDRESS_TEXT, "[%s%s]:%u", host, zone, address_port(&plain));
    } else {
        snprintf(text, ADDRESS_TEXT, "unknown");
    }
}

bool address_same_host(const union address *a, const union address *b)
{
    union address x = unmapped(a), y = unmapped(b);
    if (x.any.sa_family != y.any.sa_family)
        return false;
    if (x.any.sa_family == AF_INET)
        return x.v4.sin_addr.s_addr == y.v4.sin_addr.s_addr;
    if (x.any.sa_family != AF_INET6)
        return false;
    return IN6_ARE_ADDR_EQUAL(&x.v6.sin6_addr, &y.v6.sin6_addr) &&
           (!is_zoned(&x.v6.sin6_addr) || x.v6.sin6_scope_id == y.v6.sin6_scope_id);
}

bool address_equal(const union address *a, const union address *b)
{
    return address_port(a) == address_port(b) && address_same_host(a, b);
}

bool address_lacks_zone(const union address *address)
{
    return address->any.sa_family == AF_INET6 && address->v6.sin6_scope_id == 0 &&
           is_zoned(&address->v6.sin6_addr);
}

bool address_is_any(const union address *address)
{
    union address plain = unmapped(address);
    if (plain.any.sa_family == AF_INET)
        return plain.v4.sin_addr.s_addr == htonl(INADDR_ANY);
    return plain.any.sa_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&plain.v6.sin6_addr);
}

bool address_is_loopback(const union address *address)
{
    union address plain = unmapped(address);
    if (plain.any.sa_family == AF_INET)
        return ntohl(plain.v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    return plain.any.sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&plain.v6.sin6_addr);
}

bool address_is_multicast(const union address *address)
{
    union address plain = unmapped(address);
    if (plain.any.sa_family == AF_INET)
        return IN_MULTICAST(ntohl(plain.v4.sin_addr.s_addr));
    return plain.any.sa_family == AF_INET6 && IN6_IS_ADDR_MULTICAST(&plain.v6.sin6_addr);
}

bool address_is_broadcast(const union address *address)
{
    union address plain = unmapped(address);
    if (plain.any.sa_family == AF_INET && plain.v4.sin_addr.s_addr == htonl(INADDR_BROADCAST))
        return true;
    return address_is_multicast(&plain);
}

/* "eth0" or "2". */
static bool parse_zone(const char *zone, uint32_t *scope_id)
{
    uint64_t number;
    *scope_id = if_nametoindex(zone);
    if (*scope_id != 0)
        return true;
    if (!number_parse(zone, UINT32_MAX, &number) || number == 0)
        return false;
    *scope_id = (uint32_t)number;
    return true;
}

bool address_parse(const char *host, in_port_t port, union address *address)
{
    union address parsed;
    memset(&parsed, 0, sizeof parsed);
    if (inet_pton(AF_INET, host, &parsed.v4.sin_addr) == 1) {
        parsed.v4.sin_family = AF_INET;
    } else {
        char digits[INET6_ADDRSTRLEN];
        size_t length = strcspn(host, "%");
        if (length >= sizeof digits)
            return false;
        memcpy(digits, host, length);
        digits[length] = '\0';
        memset(&parsed, 0, sizeof parsed);
        if (inet_pton(AF_INET6, digits, &parsed.v6.sin6_addr) != 1)
            return false;
        if (host[length] == '%' && !parse_zone(host + length + 1, &parsed.v6.sin6_scope_id))
            return false;
        parsed.v6.sin6_family = AF_INET6;
    }
    address_set_port(&parsed, port);
    *address = parsed;
    return true;
}
