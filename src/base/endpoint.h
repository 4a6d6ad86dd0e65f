/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Endpoints as people type them:
 *     [SCHEME://]HOST:PORT[?key=value&...]    PORT    [unix:]PATH[?key=value&...]    unix:@NAME
 *     SCHEME:PATH[?key=value&...] of a device    SCHEME:COMMAND[?key=value&...]
 * Without unix: a PATH begins with "/", "./", "../" or "~". This parser knows the form; what
 * keys mean is known to core/profile.
 */
#ifndef TELEX_BASE_ENDPOINT_H
#define TELEX_BASE_ENDPOINT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/scheme.h"

enum {
    ENDPOINT_PATH_MAX = 107 /* bytes of sun_path less its NUL, unix(7); of an abstract name */
};

struct endpoint_key {
    char *key;
    char *value;
};

struct endpoint {
    enum scheme scheme;
    char *host;      /* SCHEME_HOST and SCHEME_URL: without brackets, with its zone; "*" where
                        none was given; a mapped IPv4 address as IPv4 */
    in_port_t port;  /* host byte order */
    bool port_given; /* else it is the scheme's */
    char *path;      /* SCHEME_URL: as it is asked for, or NULL (see base/endpoint_url). Else
                        decoded. SCHEME_PATH: of a file, with "~" expanded; or "@NAME", which      no
                        file's begins with (see base/unix_address). SCHEME_DEVICE: of a file
                        likewise. SCHEME_COMMAND: the command */
    struct endpoint_key *keys;
    size_t key_count;
};

/* Its value is an endpoint, or a name: all that stands behind it, with keys of its own. So it
 * is the last, and is not decoded. */
#define ENDPOINT_FAR_KEY "to"

/*
 * Parses text into a zeroed or finished *endpoint. On failure *endpoint is empty and *error
 * (malloc'ed) names the fault, e.g. "port '70000' is not a number from 0 to 65535",
 * "IPv6 addresses stand in brackets: tcp://[fe80::1]:9999".
 */
bool endpoint_parse(const char *text, struct endpoint *endpoint, char **error);

/*
 * HOST and PORT as two words, always tcp; an IPv6 address needs no brackets here. port may be
 * NULL: the same as endpoint_parse.
 */
bool endpoint_parse_pair(const char *host, const char *port, struct endpoint *endpoint,
                         char **error);
void endpoint_finish(struct endpoint *endpoint);

/* The value of a key, or NULL. */
const char *endpoint_key(const struct endpoint *endpoint, const char *key);
/* Has the key be in *to as it is in from: with that value, or not there. */
void endpoint_copy_key(struct endpoint *to, const struct endpoint *from, const char *key);

/*
 * The endpoint without its keys, such that it can be typed back: "tcp://[::]:9999",
 * "udp://[::1]:5", "unix:/run/a%3fb", "unix:@NAME" (%, ?, &, blanks and what is not printable
 * UTF-8 as %xx). malloc'ed.
 */
char *endpoint_print(const struct endpoint *endpoint);

/* Whether the host is "*" (every address of both families). */
bool endpoint_is_wildcard(const struct endpoint *endpoint);

#endif
