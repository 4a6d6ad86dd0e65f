/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/endpoint_host.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/endpoint.h"
#include "base/escape.h"
#include "base/fail.h"
#include "base/mem.h"
#include "base/port.h"
#include "base/utf8.h"

static bool all_digits(const char *text)
{
    return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

static bool parse_port(struct endpoint *endpoint, const char *text, char **error)
{
    int type = schemes[endpoint->scheme].datagram ? SOCK_DGRAM : SOCK_STREAM;
    endpoint->port_given = true;
    return port_parse(text, type, &endpoint->port, error);
}

/* No blanks, nothing that a terminal would not show, nothing that belongs elsewhere. */
static bool host_is_clean(const char *host)
{
    const uint8_t *at = (const uint8_t *)host;
    size_t size = strlen(host);
    while (size > 0) {
        uint32_t code;
        int length = utf8_decode(at, size, &code);
        if (length <= 0 || !utf8_printable(code) || code == ' ' || code == '/' || code == '[' ||
            code == ']')
            return false;
        at += length;
        size -= (size_t)length;
    }
    return true;
}

bool endpoint_host_is_ipv6(const char *host)
{
    struct in6_addr address;
    const char *zone = strchrnul(host, '%');
    char *digits = mem_strndup(host, (size_t)(zone - host));
    bool good = inet_pton(AF_INET6, digits, &address) == 1;
    free(digits);
    return good && (*zone == '\0' || zone[1] != '\0') && host_is_clean(host);
}

/* The colon before the port, where what stands before it is an IPv6 address; else NULL. */
static const char *port_colon(const char *text)
{
    const char *colon = strrchr(text, ':');
    char *host = mem_strndup(text, (size_t)(colon - text));
    bool splits = colon[1] != '\0' && all_digits(colon + 1) && endpoint_host_is_ipv6(host);
    free(host);
    return splits ? colon : NULL;
}

/* Several colons without brackets: shows where the brackets go, if that can be told. */
static bool fail_colons(enum scheme scheme, const char *text, char **error)
{
    const char *colon = port_colon(text);
    if (!colon && !endpoint_host_is_ipv6(text))
        return fail_with(
            error, "'%s' has more than one colon: write HOST:PORT, or [ADDRESS]:PORT for IPv6",
            text);
    char *host = mem_strndup(text, colon ? (size_t)(colon - text) : strlen(text));
    char *address = escape_string(host);
    char *port = colon ? mem_strdup(colon + 1) : mem_printf("%u", schemes[scheme].port);
    *error = mem_printf("IPv6 addresses stand in brackets: %s[%s]:%s", schemes[scheme].prefix,
                        address, port);
    free(port);
    free(address);
    free(host);
    return false;
}

/* The host to keep of an IPv6 address: a mapped one is IPv4 (RFC 4291 2.5.5.2). */
static char *plain_host(const char *text)
{
    struct in6_addr address;
    char v4[INET_ADDRSTRLEN];
    if (inet_pton(AF_INET6, text, &address) != 1 || !IN6_IS_ADDR_V4MAPPED(&address))
        return mem_strdup(text);
    return mem_strdup(inet_ntop(AF_INET, &address.s6_addr[12], v4, sizeof v4));
}

/* "[ADDRESS]" or "[ADDRESS]:PORT". */
static bool parse_bracketed(struct endpoint *endpoint, char *text, char **error)
{
    char *end = strchr(text, ']');
    if (!end)
        return fail_with(error, "'%s' lacks its closing bracket: write [ADDRESS]:PORT", text);
    if (end[1] != '\0' && end[1] != ':')
        return fail_with(error, "'%s' can't stand after the bracket: write [ADDRESS]:PORT",
                         end + 1);
    *end = '\0';
    if (!endpoint_host_is_ipv6(text + 1))
        return fail_with(error, "'%s' is not an IPv6 address", text + 1);
    endpoint->host = plain_host(text + 1);
    return end[1] == '\0' || parse_port(endpoint, end + 2, error);
}

bool endpoint_host_parse(struct endpoint *endpoint, char *text, char **error)
{
    endpoint->port = schemes[endpoint->scheme].port;
    if (all_digits(text)) {
        endpoint->host = mem_strdup("*");
        return parse_port(endpoint, text, error);
    }
    if (strchr(text, '/'))
        return fail_with(error, "'%s' can't stand after the port: write HOST:PORT",
                         strchr(text, '/'));
    if (*text == '[')
        return parse_bracketed(endpoint, text, error);
    char *colon = strchr(text, ':');
    if (colon && strchr(colon + 1, ':'))
        return fail_colons(endpoint->scheme, text, error);
    if (colon)
        *colon = '\0';
    if (!host_is_clean(text))
        return fail_with(error, "host '%s' is neither a name nor an address", text);
    endpoint->host = mem_strdup(*text ? text : "*");
    return !colon || parse_port(endpoint, colon + 1, error);
}
