/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the keys say that TCP alone knows, and the schemes that stand on it. */
#ifndef TELEX_TRANSPORT_TCP_OPTIONS_H
#define TELEX_TRANSPORT_TCP_OPTIONS_H

#include <stdbool.h>

#include "base/cast.h"
#include "base/endpoint.h"
#include "core/access.h"
#include "core/keys.h"

struct origin;
struct via_protocol;

struct tcp_options {
    CAST_MARK;
    bool proxied;          /* who calls is a proxy, and says for whom */
    struct access proxies; /* those that are trusted; empty: all are */
    /* Of a call: how the proxy is asked that it goes through; NULL: it goes there itself. */
    const struct via_protocol *via;
    struct endpoint via_proxy;
    char *via_user; /* NULL: none is named */
    char *via_auth; /* the file with the password; NULL: none is */
};

extern const struct key_set tcp_options_keys;

/*
 * A scheme that stands on TCP has these among its own; the options that those set begin with a
 * struct tcp_options then.
 */
#define TCP_KEYS                                                                   \
    {"proxy", KEY_LISTEN, "yes|CIDR,...", tcp_options_take_proxy, NULL, KEY_LIVE}, \
        {"via", KEY_CALL, "PROXY", tcp_options_take_via, NULL, KEY_ROUTE},         \
    {                                                                              \
        "via-auth", KEY_CALL, "FILE", tcp_options_take_via_auth, NULL, KEY_ROUTE   \
    }

bool tcp_options_take_proxy(void *options, const char *value, char **error);
bool tcp_options_take_via(void *options, const char *value, char **error);
bool tcp_options_take_via_auth(void *options, const char *value, char **error);
void tcp_options_init(struct tcp_options *options);
void tcp_options_finish(struct tcp_options *options);

/* Of an origin whose scheme stands on TCP. */
const struct tcp_options *tcp_options_of(const struct origin *origin);

#endif
