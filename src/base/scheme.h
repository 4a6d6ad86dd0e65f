/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The schemes of endpoints. From this list come the enum, the parser and its errors, the
 * transports (transport/transport.h), the counters (core/stats.h) and what completion offers.
 */
#ifndef TELEX_BASE_SCHEME_H
#define TELEX_BASE_SCHEME_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

/* What stands behind a scheme: "x://HOST:PORT", the same with a path of the web, or "x:" and
 * the path of a Unix socket, that of a device, or a command of the shell. */
enum scheme_form { SCHEME_HOST, SCHEME_URL, SCHEME_PATH, SCHEME_DEVICE, SCHEME_COMMAND };
/* Who may use it over a control socket: whoever is let in there, or only those who could by
 * themselves do as the daemon does, its own user and root. */
enum scheme_users { SCHEME_ANYBODY, SCHEME_OWNER };

/* X(name, NAME, form, port where none is given, stream, datagrams or messages in order, who may
 * use it, its peers in words) */
#define SCHEMES(X)                                                  \
    X(tcp, TCP, HOST, 9999, STREAM, ANYBODY, "TCP")                 \
    X(udp, UDP, HOST, 21567, DGRAM, ANYBODY, "UDP")                 \
    X(tls, TLS, HOST, 9998, STREAM, ANYBODY, "TLS")                 \
    X(dtls, DTLS, HOST, 9998, DGRAM, ANYBODY, "DTLS")               \
    X(ws, WS, URL, 80, SEQPACKET, ANYBODY, "WebSocket")             \
    X(wss, WSS, URL, 443, SEQPACKET, ANYBODY, "WebSocket-over-TLS") \
    X(unix, UNIX, PATH, 0, STREAM, OWNER, "Unix-socket")            \
    X(serial, SERIAL, DEVICE, 0, STREAM, OWNER, "serial")           \
    X(exec, EXEC, COMMAND, 0, STREAM, OWNER, "program")

enum scheme {
#define SCHEME_ENTRY(name, NAME, ...) SCHEME_##NAME,
    SCHEMES(SCHEME_ENTRY)
#undef SCHEME_ENTRY
        SCHEME_COUNT
};

struct scheme_traits {
    const char *name;   /* "tcp" */
    const char *prefix; /* "tcp://", "unix:" */
    enum scheme_form form;
    in_port_t port; /* where none is given; 0: there is none */
    bool datagram;  /* each send is one message, which may get lost; else they are in order */
    bool messages;  /* each send is one message; else a stream */
    enum scheme_users users;
};

/* By enum scheme. */
extern const struct scheme_traits schemes[SCHEME_COUNT];

/* The length of the prefix that text begins with, in any case, and whose it is; 0: none. */
size_t scheme_prefix(const char *text, enum scheme *scheme);
/* What stands under TLS; of others the scheme itself. */
enum scheme scheme_without_tls(enum scheme scheme);
/* Their names, for base/words. */
extern const char *const scheme_words[];

#endif
