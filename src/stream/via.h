/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a proxy is asked to connect a line to a far end, and what it answers: SOCKS5 (RFC 1928,
 * user and password RFC 1929) and HTTP CONNECT (RFC 9110 9.3.6, Basic of RFC 7617). Pure: bytes
 * in, bytes out. The proxy resolves the far end's name.
 */
#ifndef TELEX_STREAM_VIA_H
#define TELEX_STREAM_VIA_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/ut.h"

/* Bytes of a name, a user or a password, as SOCKS5 counts them. */
enum { VIA_TEXT_MAX = 255 };

struct via_protocol;

/* What a proxy is asked for. */
struct via {
    const struct via_protocol *protocol;
    char *host; /* the far end: a name, or an address in digits without brackets */
    in_port_t port;
    char *user, *password; /* NULL: neither */
};

/* Asking, step by step. Of zeroed memory but for via. */
struct via_talk {
    const struct via *via;
    UT_string say; /* what goes to the proxy next; whoever sends it clears it */
    unsigned char step;
    bool open;   /* what comes now is the far end's */
    char *error; /* the proxy refused: one sentence, escaped, malloc'ed */
};

struct via_protocol {
    const char *name; /* the scheme of via= */
    void (*begin)(struct via_talk *talk);
    /* Takes the next answer off data: how many bytes it was, 0 where more are needed, or where
     * there is an error. While it is not open. */
    size_t (*take)(struct via_talk *talk, const char *data, size_t size);
};

extern const struct via_protocol via_socks5, via_http;

/* By the name; NULL: none is called so. */
const struct via_protocol *via_protocol_find(const char *name, size_t size);
/* Whether it can be asked for at all; false with *error (malloc'ed). */
bool via_check(const struct via *via, char **error);
/* Frees what it holds, and itself. */
void via_destroy(struct via *via);

#endif
