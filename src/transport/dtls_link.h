/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A far end under DTLS that has called a listener. It shakes hands first, as one of the
 * greetings of the listener's socket, and is a peer when that is done.
 */
#ifndef TELEX_TRANSPORT_DTLS_LINK_H
#define TELEX_TRANSPORT_DTLS_LINK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/cast.h"
#include "base/jobs.h"
#include "tls/dtls_record.h"
#include "tls/dtls_session.h"
#include "transport/udp_link.h"
#include "transport/udp_table.h"

struct tls_context;
struct udp_datagram;
struct udp_socket;

/* Those of a socket that shake hands. */
struct dtls_greetings {
    struct udp_table found; /* by where they are; what has failed is not */
    struct udp_link *links; /* utlist, the oldest first */
};

struct dtls_link {
    struct udp_link udp; /* first: it is a UDP link. Its link.peer is NULL until it is a peer */
    CAST_MARK;
    struct dtls_session session;
    struct dtls_greetings *greetings; /* as long as it is one of them */
    struct dtls_waiting *waiting;     /* datagrams: a step of a handshake takes milliseconds */
    size_t waiting_bytes;
    unsigned sealed;          /* records under a key that have come before there is one */
    bool started;             /* its handshake is */
    char random[DTLS_RANDOM]; /* of the hello that it began with */
    struct job work;          /* the next step, or its end */
};

/* One of nobody yet, for dtls_link_greet. */
struct dtls_link *dtls_link_create(struct udp_socket *socket, struct tls_context *context);
/* Of one that is no peer. */
void dtls_link_discard(struct dtls_link *link);

/*
 * A hello, to one of nobody. True where it shows a good cookie: the link is one of the
 * greetings from here on, in place of one that its sender gave up. Else it was answered with a
 * cookie, or not at all, and the link is as before.
 */
bool dtls_link_greet(struct dtls_link *link, struct dtls_greetings *greetings,
                     const struct udp_datagram *hello);
/* Whether it began with the hello that has this random. link: NULL is nobody's. */
bool dtls_link_is_of(const struct udp_link *link, const char *random);
/* Any other datagram from where it is. */
void dtls_link_take(struct dtls_link *link, const struct udp_datagram *datagram);

#endif
