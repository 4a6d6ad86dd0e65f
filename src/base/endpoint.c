/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/endpoint.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/escape.h"
#include "base/number.h"
#include "base/ut.h"
#include "base/utf8.h"

static const struct {
    const char *name;
    in_port_t port;
} schemes[ENDPOINT_SCHEMES] = {
    [ENDPOINT_TCP] = {"tcp", ENDPOINT_TCP_PORT},
    [ENDPOINT_UDP] = {"udp", ENDPOINT_UDP_PORT},
    [ENDPOINT_UNIX] = {"unix", 0},
};

/* Always false; format takes one %s, the text made safe. */
static bool fail(char **error, const char *format, const char *text)
    __attribute__((format(printf, 2, 0)));

static bool fail(char **error, const char *format, const char *text)
{
    char *quoted = escape_string(text);
    *error = mem_printf(format, quoted);
    free(quoted);
    return false;
}

static bool all_digits(const char *text)
{
    return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* Decodes %XX in place. what ("path") is for the message. */
static bool decode_percent(char *text, const char *what, char **error)
{
    char *to = text;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at != '%') {
            *to++ = *at;
            continue;
        }
        char digits[3] = {at[1], at[1] ? at[2] : '\0', '\0'};
        if (strspn(digits, "0123456789abcdefABCDEF") != 2) {
            char sequence[4] = {'%', digits[0], digits[1], '\0'};
            char *quoted = escape_string(sequence);
            *error = mem_printf("'%s' in the %s is not a percent sign and two hex digits "
                                "(write %%25 for a percent sign)",
                                quoted, what);
            free(quoted);
            return false;
        }
        char byte = (char)strtoul(digits, NULL, 16);
        if (byte == '\0') {
            *error = mem_printf("%%00 can't stand in the %s", what);
            return false;
        }
        *to++ = byte;
        at += 2;
    }
    *to = '\0';
    return true;
}

static bool parse_key(struct endpoint *endpoint, char *text, char **error)
{
    char *value = strchr(text, '=');
    if (!value || value == text)
        return fail(error, "'%s' is not of the form key=value", text);
    *value++ = '\0';
    if (endpoint_key(endpoint, text))
        return fail(error, "key '%s' is given twice", text);
    if (!decode_percent(value, "value", error))
        return false;
    endpoint->keys =
        mem_resize(endpoint->keys, (endpoint->key_count + 1) * sizeof *endpoint->keys);
    endpoint->keys[endpoint->key_count++] =
        (struct endpoint_key){.key = mem_strdup(text), .value = mem_strdup(value)};
    return true;
}

/* "key=value&key=value"; cuts text up. */
static bool parse_keys(struct endpoint *endpoint, char *text, char **error)
{
    while (text) {
        char *piece = strsep(&text, "&");
        if (!parse_key(endpoint, piece, error))
            return false;
    }
    return true;
}

static bool parse_path(struct endpoint *endpoint, char *path, char **error)
{
    if (!decode_percent(path, "path", error))
        return false;
    size_t length = strlen(path);
    if (length == 0) {
        *error = mem_strdup("a unix endpoint needs a path: unix:/run/example.sock");
        return false;
    }
    if (length > ENDPOINT_PATH_MAX) {
        *error = mem_printf("the path has %zu bytes, a unix socket's has at most %d", length,
                            ENDPOINT_PATH_MAX);
        return false;
    }
    endpoint->path = mem_strdup(path);
    return true;
}

static bool parse_port(struct endpoint *endpoint, const char *text, char **error)
{
    uint64_t port;
    if (!number_parse(text, UINT16_MAX, &port))
        return fail(error, "port '%s' is not a number from 0 to 65535", text);
    endpoint->port = (in_port_t)port;
    return true;
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

/* Digits of an IPv6 address, perhaps with a zone. */
static bool is_ipv6(const char *host)
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
    bool splits = colon[1] != '\0' && all_digits(colon + 1) && is_ipv6(host);
    free(host);
    return splits ? colon : NULL;
}

/* Several colons without brackets: shows where the brackets go, if that can be told. */
static bool fail_colons(enum endpoint_scheme scheme, const char *text, char **error)
{
    const char *colon = port_colon(text);
    if (!colon && !is_ipv6(text))
        return fail(error,
                    "'%s' has more than one colon: write HOST:PORT, or [ADDRESS]:PORT for IPv6",
                    text);
    char *host = mem_strndup(text, colon ? (size_t)(colon - text) : strlen(text));
    char *address = escape_string(host);
    char *port = colon ? mem_strdup(colon + 1) : mem_printf("%u", schemes[scheme].port);
    *error = mem_printf("IPv6 addresses stand in brackets: %s://[%s]:%s", schemes[scheme].name,
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
        return fail(error, "'%s' lacks its closing bracket: write [ADDRESS]:PORT", text);
    if (end[1] != '\0' && end[1] != ':')
        return fail(error, "'%s' can't stand after the bracket: write [ADDRESS]:PORT", end + 1);
    *end = '\0';
    if (!is_ipv6(text + 1))
        return fail(error, "'%s' is not an IPv6 address", text + 1);
    endpoint->host = plain_host(text + 1);
    return end[1] == '\0' || parse_port(endpoint, end + 2, error);
}

/* What stands between "://" and "?". */
static bool parse_authority(struct endpoint *endpoint, char *text, char **error)
{
    endpoint->port = schemes[endpoint->scheme].port;
    if (all_digits(text)) {
        endpoint->host = mem_strdup("*");
        return parse_port(endpoint, text, error);
    }
    if (strchr(text, '/'))
        return fail(error, "'%s' can't stand after the port: write HOST:PORT",
                    strchr(text, '/'));
    if (*text == '[')
        return parse_bracketed(endpoint, text, error);
    char *colon = strchr(text, ':');
    if (colon && strchr(colon + 1, ':'))
        return fail_colons(endpoint->scheme, text, error);
    if (colon)
        *colon = '\0';
    if (!host_is_clean(text))
        return fail(error, "host '%s' is neither a name nor an address", text);
    endpoint->host = mem_strdup(*text ? text : "*");
    return !colon || parse_port(endpoint, colon + 1, error);
}

/* Takes the scheme off *text; without one it is tcp. */
static bool parse_scheme(struct endpoint *endpoint, char **text, char **error)
{
    endpoint->scheme = ENDPOINT_TCP;
    if (strncasecmp(*text, "unix:", 5) == 0) {
        endpoint->scheme = ENDPOINT_UNIX;
        *text += 5;
        return true;
    }
    char *end = strstr(*text, "://");
    if (!end && **text == '\0') {
        *error = mem_strdup("keys alone are no endpoint: write tcp://HOST:PORT?key=value");
        return false;
    }
    if (!end)
        return true;
    *end = '\0';
    for (endpoint->scheme = 0; endpoint->scheme < ENDPOINT_UNIX; endpoint->scheme++) {
        if (strcasecmp(*text, schemes[endpoint->scheme].name) == 0) {
            *text = end + 3;
            return true;
        }
    }
    return fail(error, "unknown scheme '%s': use tcp, udp or unix", *text);
}

bool endpoint_parse(const char *text, struct endpoint *endpoint, char **error)
{
    *endpoint = (struct endpoint){.scheme = ENDPOINT_TCP};
    if (*text == '\0') {
        *error = mem_strdup("an empty text is no endpoint: write tcp://HOST:PORT or unix:PATH");
        return false;
    }
    char *copy = mem_strdup(text), *head = copy, *keys = copy;
    strsep(&keys, "?");
    bool good = parse_scheme(endpoint, &head, error) &&
                (endpoint->scheme == ENDPOINT_UNIX ? parse_path(endpoint, head, error)
                                                   : parse_authority(endpoint, head, error)) &&
                parse_keys(endpoint, keys, error);
    free(copy);
    if (!good)
        endpoint_finish(endpoint);
    return good;
}

bool endpoint_parse_pair(const char *host, const char *port, struct endpoint *endpoint,
                         char **error)
{
    if (!port)
        return endpoint_parse(host, endpoint, error);
    *endpoint = (struct endpoint){.scheme = ENDPOINT_TCP};
    if (strpbrk(host, "/?"))
        return fail(error, "host '%s' is neither a name nor an address", host);
    bool bare = is_ipv6(host);
    char *text = mem_printf("tcp://%s%s%s:%s", bare ? "[" : "", host, bare ? "]" : "", port);
    bool good = endpoint_parse(text, endpoint, error);
    free(text);
    return good;
}

void endpoint_finish(struct endpoint *endpoint)
{
    for (size_t i = 0; i < endpoint->key_count; i++) {
        free(endpoint->keys[i].key);
        free(endpoint->keys[i].value);
    }
    free(endpoint->keys);
    free(endpoint->host);
    free(endpoint->path);
    *endpoint = (struct endpoint){.scheme = ENDPOINT_TCP};
}

const char *endpoint_key(const struct endpoint *endpoint, const char *key)
{
    for (size_t i = 0; i < endpoint->key_count; i++) {
        if (strcmp(endpoint->keys[i].key, key) == 0)
            return endpoint->keys[i].value;
    }
    return NULL;
}

const char *endpoint_scheme_name(enum endpoint_scheme scheme)
{
    return schemes[scheme].name;
}

/* The path such that endpoint_parse reads it back, on one safe line. */
static void print_path(UT_string *out, const char *path)
{
    const uint8_t *at = (const uint8_t *)path;
    size_t size = strlen(path);
    while (size > 0) {
        uint32_t code;
        int length = utf8_decode(at, size, &code);
        bool plain = length > 0 && utf8_printable(code) && !strchr("%? ", *at);
        size_t taken = length > 0 ? (size_t)length : 1;
        if (plain)
            ut_append(out, at, taken);
        for (size_t i = 0; i < taken && !plain; i++)
            utstring_printf(out, "%%%02x", at[i]);
        at += taken;
        size -= taken;
    }
}

char *endpoint_print(const struct endpoint *endpoint)
{
    const char *name = schemes[endpoint->scheme].name;
    if (endpoint->scheme != ENDPOINT_UNIX) {
        const char *format = strchr(endpoint->host, ':') ? "%s://[%s]:%u" : "%s://%s:%u";
        return mem_printf(format, name, endpoint->host, (unsigned)endpoint->port);
    }
    UT_string out;
    utstring_init(&out);
    utstring_printf(&out, "%s:", name);
    print_path(&out, endpoint->path);
    return utstring_body(&out);
}

bool endpoint_is_wildcard(const struct endpoint *endpoint)
{
    return endpoint->host && strcmp(endpoint->host, "*") == 0;
}
