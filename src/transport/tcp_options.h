/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the keys say that TCP alone knows. */
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

/* Of an origin whose scheme is tcp. */
const struct tcp_options *tcp_options_of(const struct origin *origin);

#endif
