/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One far end under DTLS 1.2 (RFC 6347): datagrams of the wire on one side, messages on the
 * other, each a record of its own. What of a handshake gets lost is sent again. It knows no
 * socket.
 */
#ifndef TELEX_TLS_DTLS_SESSION_H
#define TELEX_TLS_DTLS_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cast.h"
#include "tls/tls_room.h"

struct dtls_session;
struct loop;
struct ssl_st;
struct timeout;
struct tls_context;
union address;

enum { DTLS_MESSAGE_MAX = 16384 /* bytes: RFC 6347, 4.1.1 */ };

/* Whoever embeds it. None of these may finish the session from within, but over if late. */
struct dtls_user {
    /* A datagram goes out. Returns 0 or an errno. */
    int (*transmit)(struct dtls_session *session, const void *data, size_t size);
    void (*opened)(struct dtls_session *session);
    void (*message)(struct dtls_session *session, const char *data, size_t size);
    /* It has failed, and why; NULL: the far end says farewell. Nothing follows. late tells
     * whether its time was over. */
    void (*over)(struct dtls_session *session, const char *error);
};

struct dtls_session {
    struct tls_window window;
    const struct dtls_user *user;
    const struct tls_context *context; /* the SSL's */
    struct ssl_st *ssl;
    struct loop *loop;
    struct timeout *again; /* to send again; NULL once it is open */
    int64_t deadline;      /* of the handshake, by loop_clock; 0: none */
    int cause;             /* of the last datagram that did not go out */
    bool heard;            /* a datagram has come */
    bool open, over, late;
    bool ended; /* we have said farewell, or shall not */
    CAST_MARK;
};

/* Listens or calls as the context does; host: see tls_context_ssl. room outlives it. */
void dtls_session_init(struct dtls_session *session, const struct dtls_user *user,
                       struct loop *loop, struct tls_room *room, struct tls_context *context,
                       const char *host);
/* Says no farewell. */
void dtls_session_finish(struct dtls_session *session);

/*
 * A datagram of somebody unknown, for a session that listens. False: it was no hello with our
 * cookie, and the session is as new; what had to be answered is. True: it is theirs, and
 * dtls_session_start goes on with that hello.
 */
bool dtls_session_listen(struct dtls_session *session, const union address *remote,
                         const char *data, size_t size);
/* Begins the handshake, which may take so long: microseconds; 0: for ever. */
void dtls_session_start(struct dtls_session *session, int64_t patience);
/* A datagram has come. */
void dtls_session_in(struct dtls_session *session, const char *data, size_t size);
/* Returns 0 or an errno: EMSGSIZE beyond DTLS_MESSAGE_MAX, ENODATA where it is empty, which no
 * record is, or what transmit says. */
int dtls_session_out(struct dtls_session *session, const void *data, size_t size);
/* Farewell: close_notify. Once. */
void dtls_session_end(struct dtls_session *session);
/* The far end has forgotten it, and is told nothing more. */
void dtls_session_drop(struct dtls_session *session);

#endif
