/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop/lookup.h"

#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void take_address(const struct addrinfo *info, in_port_t port, union address *address)
{
    memset(address, 0, sizeof *address);
    memcpy(address, info->ai_addr, info->ai_addrlen);
    address_unmap(address);
    address_set_port(address, port);
}

bool lookup_digits(const char *host, in_port_t port, union address *address)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST};
    struct addrinfo *found;
    if (address_parse(host, port, address)) {
        address_unmap(address);
        return true;
    }
    if (getaddrinfo(host, NULL, &hints, &found) != 0) /* the forms of inet_aton(3) */
        return false;
    take_address(found, port, address);
    freeaddrinfo(found);
    return true;
}

void lookup_init(struct lookup *lookup, const char *host)
{
    *lookup = (struct lookup){.host = mem_strdup(host)};
}

void lookup_run(struct lookup *lookup)
{
    /* With a type each address comes once; which one makes no difference to them. */
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    lookup->failure = getaddrinfo(lookup->host, NULL, &hints, &lookup->found);
    lookup->cause = errno;
    if (lookup->failure)
        lookup->found = NULL;
}

void lookup_finish(struct lookup *lookup)
{
    if (lookup->found)
        freeaddrinfo(lookup->found);
    free(lookup->host);
}

/* --- what was found --- */

static const struct addrinfo *from_family(const struct addrinfo *info, int family)
{
    while (info && info->ai_family != family)
        info = info->ai_next;
    return info;
}

static size_t count_of(const struct addrinfo *info)
{
    size_t count = 0;
    for (; info && count < LOOKUP_MAX; info = info->ai_next)
        count++;
    return count;
}

static bool is_among(const union address *address, const union address *others, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (address_equal(address, &others[i]))
            return true;
    return false;
}

size_t lookup_addresses(const struct lookup *lookup, in_port_t port, union address **addresses)
{
    const size_t room = count_of(lookup->found);
    const int first = room > 0 ? lookup->found->ai_family : AF_INET6;
    const int second = first == AF_INET6 ? AF_INET : AF_INET6;
    const struct addrinfo *next = from_family(lookup->found, first);
    const struct addrinfo *other = from_family(lookup->found, second);
    size_t count = 0;
    *addresses = mem_alloc((room > 0 ? room : 1) * sizeof **addresses);
    while ((next || other) && count < room) {
        if (next) {
            take_address(next, port, &(*addresses)[count]);
            count += !is_among(&(*addresses)[count], *addresses, count);
            next = from_family(next->ai_next, next->ai_family);
        }
        const struct addrinfo *swap = next;
        next = other;
        other = swap;
    }
    return count;
}

const char *lookup_error(const struct lookup *lookup)
{
    switch (lookup->failure) {
    case EAI_NONAME:
        return "there is no host of that name";
    case 0:
    case EAI_NODATA:
    case EAI_ADDRFAMILY:
        return "the host of that name has no IP address";
    case EAI_AGAIN:
        return "no name server answers for that name";
    case EAI_SYSTEM:
        return strerror(lookup->cause);
    default:
        return gai_strerror(lookup->failure);
    }
}
