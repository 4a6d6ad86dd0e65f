/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transport/own.h"

#include <ifaddrs.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/address.h"
#include "base/endpoint.h"
#include "core/hub.h"

/* --- addresses --- */

static bool has_interface(const union address *address)
{
    struct ifaddrs *all;
    bool found = false;
    if (getifaddrs(&all) < 0)
        return false;
    for (const struct ifaddrs *each = all; each && !found; each = each->ifa_next) {
        union address own = {0};
        const sa_family_t family = each->ifa_addr ? each->ifa_addr->sa_family : AF_UNSPEC;
        if (family != address->any.sa_family)
            continue;
        memcpy(&own, each->ifa_addr, family == AF_INET ? sizeof own.v4 : sizeof own.v6);
        found = address_same_host(&own, address);
    }
    freeifaddrs(all);
    return found;
}

static bool is_this_machine(const union address *address)
{
    return address_is_any(address) || address_is_loopback(address) || has_interface(address);
}

/* A listener on a name has whatever addresses that has. */
static bool covers(const struct endpoint *listener, const union address *address)
{
    union address bound;
    if (endpoint_is_wildcard(listener) || !address_parse(listener->host, 0, &bound))
        return is_this_machine(address);
    if (!address_is_any(&bound))
        return address_is_any(address) || address_same_host(&bound, address);
    return bound.any.sa_family == address->any.sa_family && is_this_machine(address);
}

static bool has_host(const struct scheme_traits *scheme)
{
    return scheme->form == SCHEME_HOST || scheme->form == SCHEME_URL;
}

static bool is_at(const struct endpoint *listener, bool datagram, const union address *address)
{
    const struct scheme_traits *scheme = &schemes[listener->scheme];
    return has_host(scheme) && scheme->datagram == datagram &&
           listener->port == address_port(address) && covers(listener, address);
}

bool own_is_address(const struct hub *hub, bool datagram, const union address *address)
{
    const struct listener *listener;
    DL_FOREACH(hub->listeners, listener)
        if (is_at(&listener->origin.endpoint, datagram, address))
            return true;
    return false;
}

/* --- endpoints --- */

static bool is_host(const struct endpoint *listener, const struct endpoint *called)
{
    static const char *const here[] = {"127.0.0.1", "::1"};
    const bool local =
        endpoint_is_wildcard(called) || strcasecmp(called->host, "localhost") == 0;
    const bool datagram = schemes[called->scheme].datagram;
    union address address;
    if (!local)
        return address_parse(called->host, called->port, &address) &&
               is_at(listener, datagram, &address);
    for (int i = 0; i < 2; i++)
        if (address_parse(here[i], called->port, &address) &&
            is_at(listener, datagram, &address))
            return true;
    return false;
}

/* However it is spelled. */
static bool is_file(const char *one, const char *other)
{
    struct stat a, b;
    if (strcmp(one, other) == 0)
        return true;
    return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

bool own_is_listener(const struct listener *listener, const struct endpoint *called)
{
    const struct endpoint *endpoint = &listener->origin.endpoint;
    if (has_host(&schemes[called->scheme]))
        return is_host(endpoint, called);
    return called->scheme == endpoint->scheme && called->path && endpoint->path &&
           is_file(called->path, endpoint->path);
}

bool own_is_endpoint(const struct listener *listeners, const struct endpoint *called)
{
    const struct listener *listener;
    DL_FOREACH(listeners, listener)
        if (own_is_listener(listener, called))
            return true;
    return false;
}
